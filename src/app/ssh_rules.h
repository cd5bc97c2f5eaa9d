// What sshd was told (sshd_config(5)), as far as the doctor must know. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pf::app {

class SshRules {
 public:
  // The texts of the files in the order in which sshd reads them.
  explicit SshRules(const std::vector<std::string>& files);
  // What counts for everybody: what a "Match all" block says, else what stands outside of every block; small letters.
  std::string setting(std::string_view keyword, std::string_view otherwise) const;
  // What counts for whoever comes in as `user`: the first that a "Match User" block with his name, or "Match all",
  // says, else the first outside of every block. As it is written.
  std::string setting_of(std::string_view user, std::string_view keyword, std::string_view otherwise) const;

 private:
  struct Line {
    std::string users;  // of the Match block: "ann,bob", "*": all, "?": it asks for something else; empty: outside
    std::string keyword, value;
  };
  std::vector<Line> lines_;
};

}  // namespace pf::app
