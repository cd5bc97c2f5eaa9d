// What reads hostile bytes in vault, backup, formats, pictures and expression, as functions that a fuzzer calls: each takes any
// bytes, must neither crash nor read outside, and stops the process (std::abort) when what it reads breaks a rule.
// Where seals or checksums would turn every guess away, the first byte says that they are made right first, so that the
// parser behind is reached.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pf::fuzz {

void ring(const std::uint8_t* data, std::size_t size);      // header pages, slots, master.bin
void record(const std::uint8_t* data, std::size_t size);    // sealed fields of buyers
void backup(const std::uint8_t* data, std::size_t size);    // a backup as a stream
void escrow(const std::uint8_t* data, std::size_t size);    // the ring in its owner's box
void workbook(const std::uint8_t* data, std::size_t size);  // ZIP and XLSX
void xml(const std::uint8_t* data, std::size_t size);       // tables in any XML
void table(const std::uint8_t* data, std::size_t size);     // text in any encoding, CSV and its relatives
void picture(const std::uint8_t* data, std::size_t size);   // PNG, JPEG, GIF and WebP
void formula(const std::uint8_t* data, std::size_t size);   // a formula, and the cells that it is worked out from

}  // namespace pf::fuzz
