// What a spreadsheet's numbers mean: dates by their cell's number format, numbers as people see them. After ISO/IEC
// 29500-1, 18.17 (dates) and 18.8.30 (number formats). Pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

namespace pf::formats {

struct NumberFormat {
  enum class Kind { number, date, time, date_time, elapsed, digits } kind = Kind::number;
  std::size_t digits = 0;  // of "0000000000000", as EANs and postcodes are formatted
  bool operator==(const NumberFormat&) const = default;
};

// By the code, such as "dd/mm/yyyy hh:mm"; only the first of its sections counts.
NumberFormat number_format(std::string_view code);
// Of the formats that have a number instead of a code, in every country's Excel alike but for the order of day and
// month.
NumberFormat built_in_number_format(unsigned id);

// "0.30000000000000004" -> "0.3", "8.711253001234E12" -> "8711253001234": plain decimals of 15 significant digits,
// which is what spreadsheets calculate with and show. Text that is no number comes back as it is.
std::string sheet_number(std::string_view written);

// What a numeric cell shows. Dates as 2026-01-14, with a time of day as 2026-01-14T10:30:00, times as 10:30:00; what is
// no date of the calendar stays a number. `since_1904`: the workbook's days are counted from there (old Macs).
std::string sheet_cell(std::string_view written, const NumberFormat& format, bool since_1904);

// Whether a text may be written as a number so that the same text is read again, and is shown as it is: a plain decimal
// of at most 11 digits, beyond which Excel shows powers of ten.
bool is_sheet_number(std::string_view text);

// _x000D_ and its like, as XLSX writes what XML cannot (18.4, ST_Xstring), and back.
std::string unescaped_sheet_text(std::string_view text);
// The text as a part's XML holds it: escaped for XML, and what XML cannot hold in the form above.
void put_sheet_text(std::string_view text, std::string& out);

}  // namespace pf::formats
