// What reads hostile bytes, as functions that a fuzzer calls: each takes any bytes, must neither crash nor read
// outside, and stops the process (std::abort) when what it reads breaks a rule. Where seals or checksums would turn
// every guess away, the first byte says that they are made right first, so that the parser behind is reached.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pf::fuzz {

void ring(const std::uint8_t* data, std::size_t size);        // header pages, slots, master.bin
void record(const std::uint8_t* data, std::size_t size);      // sealed fields of buyers
void backup(const std::uint8_t* data, std::size_t size);      // a backup as a stream
void escrow(const std::uint8_t* data, std::size_t size);      // the ring in its owner's box
void workbook(const std::uint8_t* data, std::size_t size);    // ZIP and XLSX
void xml(const std::uint8_t* data, std::size_t size);         // tables in any XML
void table(const std::uint8_t* data, std::size_t size);       // text in any encoding, CSV and its relatives
void picture(const std::uint8_t* data, std::size_t size);     // PNG, JPEG, GIF and WebP
void formula(const std::uint8_t* data, std::size_t size);     // a formula, and the cells that it is worked out from
void file(const std::uint8_t* data, std::size_t size);        // whatever is uploaded, packed or not, to its last row
void answer(const std::uint8_t* data, std::size_t size);      // what a cell says
void party(const std::uint8_t* data, std::size_t size);       // tables of other systems, and mappings of them
void value(const std::uint8_t* data, std::size_t size);       // one cell: amounts, dates, lists, locales, patterns
void definition(const std::uint8_t* data, std::size_t size);  // formats as data, mappings, rules, bodies, JSON products
void condition(const std::uint8_t* data, std::size_t size);   // what a rule asks, and of what
void data_file(const std::uint8_t* data, std::size_t size);   // time zones, fonts, heads of pictures
void request(const std::uint8_t* data, std::size_t size);     // HTTP, forms, questions of lists, cookies, addresses
void document(const std::uint8_t* data, std::size_t size);    // JSON
void authenticator(const std::uint8_t* data, std::size_t size);  // CBOR, passkeys, certificates
void word(const std::uint8_t* data, std::size_t size);           // codes, cursors, keys, names, texts with HTML
void paper(const std::uint8_t* data, std::size_t size);          // what is printed of any text
void server_answer(const std::uint8_t* data, std::size_t size);  // what somebody else's server says

// By name, as tests/fuzz/run takes them.
struct Target {
  const char* name;
  void (*run)(const std::uint8_t* data, std::size_t size);
};
inline constexpr Target kTargets[] = {{"ring", ring},
                                      {"record", record},
                                      {"backup", backup},
                                      {"escrow", escrow},
                                      {"workbook", workbook},
                                      {"xml", xml},
                                      {"table", table},
                                      {"picture", picture},
                                      {"formula", formula},
                                      {"file", file},
                                      {"answer", answer},
                                      {"party", party},
                                      {"value", value},
                                      {"definition", definition},
                                      {"condition", condition},
                                      {"data_file", data_file},
                                      {"request", request},
                                      {"document", document},
                                      {"authenticator", authenticator},
                                      {"word", word},
                                      {"paper", paper},
                                      {"server_answer", server_answer}};

}  // namespace pf::fuzz
