// What an order keeps when its buyer's data is gone, and why that is lawful: the one list of it. A test holds the
// stored record to this list, and the vault's answer and page show it; a field that is not here is not stored.
#pragma once

#include <array>
#include <string_view>

namespace pf::orders {

struct Remains {
  std::string_view what;       // its name in answers and on the page
  std::string_view stored_as;  // the record's short names, divided by blanks; lines. and parcels. for their members
  std::string_view why;
};

inline constexpr std::array<Remains, 15> kRemains{{
    {"numbers", "d no ev lines.id parcels.id",
     "The order's and the channel's numbers: the channel can still be asked."},
    {"channel", "ch mp", "Where it was sold, and whether the marketplace sent it."},
    {"country", "co", "Sales per country, as tax law asks; no postcode, no city."},
    {"money", "cur shc tot pt tax rf lines.p lines.fq lines.fm", "Amounts, also those given back, for the books."},
    {"lines", "lines lines.s lines.cs lines.t lines.g lines.kit lines.kit.s lines.kit.q",
     "What was sold: SKU, title and category, and of a kit its parts."},
    {"quantities",
     "lines.o lines.x lines.b lines.a lines.h lines.c lines.r lines.k lines.m lines.w lines.lt lines.kit.k lines.kit.m "
     "lines.kit.ld pk",
     "How many were ordered, cancelled, picked, shipped and returned."},
    {"times", "at cr up by parcels.at pc", "When it was placed, promised and shipped."},
    {"state", "paid acc why", "Whether it is paid, accepted or cancelled, and the reason that the shop gave."},
    {"locations", "lo lines.el lines.le lines.kit.el lines.kit.le", "At which of the shop's locations its pieces lay."},
    {"attention", "mark mark.k mark.of mark.no xr",
     "What a person had to look at, which order it may repeat, which return it replaces."},
    {"holds", "hold hold.n hold.r hold.by hold.at", "Why it is held back, since when and by whom of the shop."},
    {"tags", "tag", "Words that the shop gave it; a tag names no person."},
    {"methods", "pay shm parcels.m", "How it was paid and sent."},
    {"parcels",
     "parcels parcels.tt parcels.l parcels.g parcels.mm parcels.tg packing packing.id packing.m packing.tt packing.at "
     "packing.l "
     "packing.g packing.mm",
     "Parcels, their weights, sizes and tracking numbers; carriers forget whose they were."},
    {"vault_reference", "rid ep", "Which hour's key its buyer was sealed under. The key is gone, so it leads nowhere."},
}};

}  // namespace pf::orders
