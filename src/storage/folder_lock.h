// One process owns a data folder. The lock goes with the process, however it ends.
#pragma once

#include <filesystem>

#include "productflow/result.h"

namespace pf::storage {

class FolderLock {
 public:
  static Result<FolderLock> take(const std::filesystem::path& folder);  // conflict if another process has it
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int file) : file_(file) {}
  int file_;
};

}  // namespace pf::storage
