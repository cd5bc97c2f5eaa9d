// QR codes (ISO/IEC 18004): bytes as squares that telephones and scanners read. Byte mode, error correction M, which
// lives with 15 % of dirt and which the banks' code for payments wants; versions 1 to 13, as that one. Pure, any
// thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace pf::formats {

inline constexpr int kQrQuietModules = 4;        // that must be white on every side
inline constexpr std::size_t kQrBytesMax = 331;  // of version 13

struct QrCode {
  int size = 0;                 // modules of a side
  std::vector<bool> modules{};  // row by row from the top left; true is dark
  bool dark(int x, int y) const { return modules[static_cast<std::size_t>(y * size + x)]; }
};
// Nothing for more than kQrBytesMax bytes.
std::optional<QrCode> qr_code(std::string_view bytes);

}  // namespace pf::formats
