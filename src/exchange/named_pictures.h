// Pictures of an archive that lie beside no table: their names say of which product they are. Pure but for what it
// reads of the shop; one thread.
#pragma once

#include "exchange/importer.h"

namespace pf::exchange {

// What a picture's name may say: numbers of products, the most likely first. "A-1/front_2.jpg" says A-1, "A-1_2.jpg"
// says A-1_2 and A-1, and so on.
std::vector<std::string> numbers_in_name(std::string_view name);

struct NamedPicture {
  std::size_t entry = 0;   // of the archive
  std::uint64_t line = 0;  // which of its pictures it is, counted from 1, by name
  std::string sku{};       // whose it is; empty: nobody's, with why not
  FieldFault fault{};
};
// Each picture of `pictures` (places in `entries`), those of a product in the order in which it is to have them. A name
// is meant by SKU, or else by EAN where one product has it.
Result<std::vector<NamedPicture>> named_pictures(const Rooms& rooms, const std::vector<formats::ZipEntry>& entries,
                                                 const std::vector<std::size_t>& pictures);

}  // namespace pf::exchange
