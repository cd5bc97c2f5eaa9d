// What one document contributes to an index.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pf::search {

// Names with bytes, in the order in which they came, one behind the other in one piece of memory: a product has two
// hundred. What it gives out is good until the next one is added; at most 4 GiB.
class Pairs {
 public:
  using Pair = std::pair<std::string_view, std::string_view>;
  Pairs() = default;
  Pairs(std::initializer_list<Pair> pairs) {
    for (const auto& [name, bytes] : pairs) emplace_back(name, bytes);
  }
  void emplace_back(std::string_view name, std::string_view bytes) {
    bytes_.append(name);
    const auto name_end = static_cast<std::uint32_t>(bytes_.size());
    bytes_.append(bytes);
    ends_.push_back({name_end, static_cast<std::uint32_t>(bytes_.size())});
  }
  void append(const Pairs& more) {
    for (const auto& [name, bytes] : more) emplace_back(name, bytes);
  }
  void reserve(std::size_t pairs, std::size_t bytes) {
    ends_.reserve(pairs);
    bytes_.reserve(bytes);
  }
  bool empty() const { return ends_.empty(); }
  std::size_t size() const { return ends_.size(); }
  Pair operator[](std::size_t i) const {
    const std::size_t start = i == 0 ? 0 : ends_[i - 1].second;
    const std::string_view all = bytes_;
    return {all.substr(start, ends_[i].first - start), all.substr(ends_[i].first, ends_[i].second - ends_[i].first)};
  }
  bool operator==(const Pairs&) const = default;

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Pair;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Pair;
    Iterator() = default;
    Iterator(const Pairs& all, std::size_t at) : all_(&all), at_(at) {}
    Pair operator*() const { return (*all_)[at_]; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++at_;
      return before;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const Pairs* all_ = nullptr;
    std::size_t at_ = 0;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, size()}; }

 private:
  std::string bytes_{};
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ends_{};  // of a name, of its bytes
};

// Order does not matter; duplicates count once.
struct Entry {
  Pairs terms{};    // field -> term: exact values and words
  Pairs columns{};  // column -> bytes that sort as the value does (<= 128 kept); of two for one the last counts
};

}  // namespace pf::search
