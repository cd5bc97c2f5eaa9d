// A throw-away folder that goes with the test, and what lies in a file.
#pragma once

#include <stdlib.h>

#include <cassert>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace pf::test {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "productflow-test-XXXXXX").string();
    const char* made = mkdtemp(name.data());
    assert(made != nullptr);
    path_ = made;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace pf::test
