// Pictures that lie beside a table in an archive: a cell that names such a file gets the upload's address instead, and
// the file is kept as an upload when it is named for the first time. One thread.
#pragma once

#include <set>
#include <unordered_map>

#include "exchange/importer.h"
#include "exchange/trial.h"

namespace pf::exchange {

class ArchivePictures {
 public:
  // `pictures`: places in `entries`. `trial`: of a dry run, where uploads are then; null: they are kept.
  // REQUIRES: all of them outlive it.
  ArchivePictures(const Rooms& rooms, formats::Source& file, const std::vector<formats::ZipEntry>& entries,
                  const std::vector<std::size_t>& pictures, Trial* trial);

  // Puts addresses in the place of names, and takes out what is no picture, adding a fault to `faults` for each.
  // `names`: of the columns. An Error ends the import.
  Result<> put_into(formats::TableRow& row, const std::vector<std::string>& names, std::vector<FieldFault>& faults);
  // Of a picture that no cell has named so far, by its place.
  bool unused(std::size_t entry) const { return !used_.contains(entry); }
  struct Kept {
    std::string image{}, fault{};  // "asset:...", or why it is none
  };
  // As an upload, at its first time. An Error ends the import.
  Result<Kept> keep(std::size_t entry);
  // Of a dry run: uploads that nobody could look at are called by their files, in what is shown of it.
  std::string shown(const std::string& image) const;
  void show(std::vector<catalog::FieldChange>& changes) const;

 private:
  const std::size_t* find(std::string_view name) const;
  Result<> keep_uploads(std::string& text);
  Result<bool> is_there(std::string_view id) const;
  const Rooms& rooms_;
  formats::Source& file_;
  const std::vector<formats::ZipEntry>& entries_;
  Trial* const trial_;
  std::unordered_map<std::string, std::size_t> tried_;    // "asset:...", which is new -> its picture
  std::unordered_map<std::string, std::size_t> by_name_;  // whole names, and last parts where only one has it
  std::unordered_map<std::string, std::size_t> uploads_;  // id -> its picture
  std::unordered_map<std::size_t, Kept> kept_;
  std::set<std::size_t> used_;
  std::unique_ptr<formats::FileReading> reading_;  // beside the one that reads the table
};

}  // namespace pf::exchange
