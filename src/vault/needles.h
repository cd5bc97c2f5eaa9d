// Looking for many byte strings at once, in one walk over what is searched. A value; one thread.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pf::vault {

class Needles {
 public:
  enum class Case { exact, ignored };  // ignored: of the letters a to z
  // `what` says to a person how the bytes were found: "as text", "in hexadecimal". Shorter than kShortest: left out.
  void add(std::string_view what, std::string_view bytes, Case of_letters = Case::exact);
  // A text in every way in which files of ours, or a curious person's, may hold it.
  void add_text(std::string_view text);
  std::size_t longest() const { return longest_; }
  // Which of `what` are in the bytes, how often; adds to `counts`.
  void count(std::string_view bytes, std::vector<std::pair<std::string, std::uint64_t>>& counts) const;

  static constexpr std::size_t kShortest = 4;  // three bytes are everywhere by chance

 private:
  struct Needle {
    std::string what, bytes;
  };
  struct Pile {
    std::vector<Needle> needles;
    std::bitset<65'536> begins;                                        // their first two bytes
    std::unordered_map<std::uint16_t, std::vector<std::size_t>> at{};  // first two bytes -> needles
    void add(std::string_view what, std::string_view bytes);
    void count(std::string_view bytes, std::vector<std::pair<std::string, std::uint64_t>>& counts) const;
  };
  Pile exact_, lowered_;
  std::size_t longest_ = 0;
};

}  // namespace pf::vault
