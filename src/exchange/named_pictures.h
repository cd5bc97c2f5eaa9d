// Pictures of an archive that lie beside no table: their names say of which product they are. Pure but for what it
// reads of the shop; one thread.
#pragma once

#include "exchange/importer.h"

namespace pf::exchange {

// As much of a file's name as is told.
std::string file_shown(std::string_view name);

struct NamedPicture {
  std::size_t entry = 0;   // of the archive
  std::uint64_t line = 0;  // which of its pictures it is, counted from 1, by name
  std::string sku{};       // whose it is; empty: nobody's, with why not
  FieldFault fault{};
};
// Each picture of `pictures` (places in `entries`), or the first `at_most` by name, those of a product in the order in
// which it is to have them. A name says a SKU; or the EAN of one product; or else a SKU in other capitals, where one
// alone differs from it in these. What it says and lies outside the limits of `by` is nobody's.
Result<std::vector<NamedPicture>> named_pictures(const Rooms& rooms, const access::Actor& by,
                                                 const std::vector<formats::ZipEntry>& entries,
                                                 const std::vector<std::size_t>& pictures, std::size_t at_most);

}  // namespace pf::exchange
