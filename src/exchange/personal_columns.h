// Whether a column of a table is about somebody who bought, owns or gets a product: such a one is no field of the
// product, which everybody sees.
#pragma once

#include <string_view>

namespace pf::exchange {

struct PersonalColumn {
  bool about = false;    // a person, or his address
  bool himself = false;  // his name, or where he is reached
  bool surely = false;   // and can mean nothing else in a product's record, from which it is left out
  bool thing = false;    // but is of a thing in other tables: who bought is told by a second column about him
};
PersonalColumn personal_column(std::string_view name);

}  // namespace pf::exchange
