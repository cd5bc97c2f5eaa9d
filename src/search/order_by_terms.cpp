// Orders documents by values that the index has as terms (Terms in index.h): few are asked what they hold, for many the
// terms are walked in order. Of the hits stand
//   those with a key, in its order; those that have something, and nothing to stand by; those that have nothing
// each group of the same by the next key.
#include <algorithm>

#include "search/ordering.h"

namespace pf::search {
namespace {

// So many records are walked (0.3 us each) before up to so many documents are rather asked (15 us each).
constexpr std::size_t kRowsWalkedMax = 20'000, kAskedMax = 1'024;
// So many records before the place of a cursor are walked, to know what has been on a page; else each of the next ones
// is asked whether it stands here or was there by another of its terms.
constexpr std::size_t kRowsBeforeMax = 2'000;

// Keys behind which whoever asks may give up: a question for nobody's keys is refused then.
constexpr std::size_t kAskedAfter = 256;
constexpr std::size_t kFewestAsked = 32;  // at once: most of a question for one is the call

}  // namespace

// Documents by what they have in the index, those of one key after the other.
class Answer::Groups {
 public:
  // `from`: where to begin, in the order's direction; null: at its start. At most so many records are looked at.
  Groups(const Answer& answer, const Sort& sort, const Documents& hits, const std::string* from, std::size_t rows_max)
      : answer_(answer), by_(*sort.terms), descending_(sort.descending), rows_left_(rows_max) {
    if (by_.key_of) {
      rank(from);
      return;
    }
    const bool from_term = from != nullptr && !by_.in_turn && !from->empty() && from->front() == by_.mark;
    skips_terms_ = descending_ && from != nullptr && !from_term;
    skips_columns_ = (!descending_ && from_term) || by_.own;
    if (!skips_terms_ && !by_.field.empty()) {
      terms_.emplace(
          walk(kTermKey, by_.field, from_term ? std::optional(std::string_view(*from).substr(1)) : std::nullopt));
    }
    if (!skips_columns_)
      for (const std::string& column : by_.columns)
        columns_.push_back(
            walk(kColumnKey, column, from != nullptr && !from_term ? std::optional(kept(*from)) : std::nullopt));
    if (!by_.in_turn) return;
    Documents left = hits.without({});
    for (const std::string& column : by_.columns) {
      Documents& here = turns_.emplace_back(answer.united(term_blocks(kTermKey, kHasColumnField, column)));
      here.keep(left);
      left.drop(here);
    }
  }
  // The next ones among these; false at the end.
  bool next(const Documents& among, std::string& key, Documents& group) {
    group = Documents();
    if (by_.key_of) return next_ranked(among, key, group);
    if (descending_) return next_term(among, key, group) || next_value(among, key, group);
    return next_value(among, key, group) || next_term(among, key, group);
  }
  // Takes those of the first terms out of `left`, as long as no more than `skip` go, and out of that: to count is less
  // than to list. Of a term it may take those of some blocks, which stand in the order of its last key.
  void pass(Documents& left, std::uint64_t& skip) {
    if (!terms_) return;
    for (auto& row = *terms_; row.valid() && skip > 0 && rows_left_ > 0; step(row)) {
      const std::uint16_t block = key_block(row.key());
      const BlockRecord record(row.value());
      const std::uint64_t here = left.count_common(block, record);
      if (here > skip) return;
      if (here > 0) left.drop(block, record);
      skip -= here;
    }
  }
  bool is_cut() const { return rows_left_ == 0; }  // there may be more

 private:
  storage::Cursor walk(char kind, const std::string& name, std::optional<std::string_view> from) const {
    const std::string first = Key(kind, name).bytes();
    std::string end = first;
    end.back() = '\1';
    auto row = answer_.read_.scan(answer_.family_, first, end);
    if (descending_)
      row.seek_for_prev(from ? term_blocks(kind, name, *from).append(kBehindBlocks) : end);
    else if (from)
      row.seek(term_blocks(kind, name, *from));
    return row;
  }
  void step(storage::Cursor& row) {
    --rows_left_;
    descending_ ? row.prev() : row.next();
  }
  static void take(const storage::Cursor& row, const Documents& among, Documents& group) {
    const std::uint16_t block = key_block(row.key());
    if (const auto here = among.common(block, BlockRecord(row.value())); !here.empty()) group.add(block, here);
  }
  bool next_term(const Documents& among, std::string& key, Documents& group) {
    if (!terms_) return false;
    for (auto& row = *terms_; row.valid() && rows_left_ > 0; step(row)) {
      const std::uint16_t block = key_block(row.key());
      const auto here = among.common(block, BlockRecord(row.value()));
      if (here.empty()) continue;
      const std::string term(escaped_term(row.key(), by_.field));
      if (by_.is_key && !by_.is_key(unescaped(term))) continue;
      group.add(block, here);
      --rows_left_;
      // To its end, whatever that costs: a group is whole.
      for (descending_ ? row.prev() : row.next(); row.valid() && escaped_term(row.key(), by_.field) == term;
           descending_ ? row.prev() : row.next())
        take(row, among, group);
      key = by_.mark + unescaped(term);
      return true;
    }
    return false;
  }
  // The least of several columns, since what a document has in one language may stand between those of another.
  bool next_value(const Documents& among, std::string& key, Documents& group) {
    while (rows_left_ > 0) {
      std::optional<std::string> nearest;
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (!columns_[i].valid()) continue;
        std::string value = unescaped(escaped_term(columns_[i].key(), by_.columns[i]));
        if (!nearest || (descending_ ? value > *nearest : value < *nearest)) nearest = std::move(value);
      }
      if (!nearest) return false;
      for (std::size_t i = 0; i < columns_.size(); ++i)
        for (auto& row = columns_[i];
             row.valid() && rows_left_ > 0 && unescaped(escaped_term(row.key(), by_.columns[i])) == *nearest; step(row))
          take(row, by_.in_turn ? turns_[i] : among, group);
      if (group.count() == 0) continue;
      key = *std::move(nearest);
      return true;
    }
    return false;
  }
  void rank(const std::string* from) {
    ranked_ = by_.ranked;
    if (!ranked_) {
      auto ranked = std::make_shared<Terms::Ranked>();
      for (std::string& term : terms_in(answer_.read_, answer_.family_, by_.field, SIZE_MAX)) {
        std::string key = by_.key_of(term);
        ranked->emplace_back(std::move(key), std::move(term));
      }
      std::ranges::sort(*ranked);
      ranked_ = std::move(ranked);
    }
    if (from == nullptr) return;
    const auto key = [](const auto& one) -> std::string_view { return one.first; };
    const auto place = descending_ ? std::ranges::upper_bound(*ranked_, std::string_view(*from), {}, key)
                                   : std::ranges::lower_bound(*ranked_, std::string_view(*from), {}, key);
    rank_ = static_cast<std::size_t>(descending_ ? ranked_->end() - place : place - ranked_->begin());
  }
  bool next_ranked(const Documents& among, std::string& key, Documents& group) {
    while (rank_ < ranked_->size()) {
      const std::size_t at = descending_ ? ranked_->size() - 1 - rank_ : rank_;
      ++rank_;
      const auto& [rank_key, term] = (*ranked_)[at];
      for (auto row = answer_.read_.scan_prefix(answer_.family_, term_blocks(kTermKey, by_.field, term)); row.valid();
           row.next())
        take(row, among, group);
      if (group.count() == 0) continue;
      key = rank_key;
      return true;
    }
    return false;
  }

  const Answer& answer_;
  const Terms& by_;
  const bool descending_;
  std::size_t rows_left_;
  bool skips_terms_ = false, skips_columns_ = false;
  std::optional<storage::Cursor> terms_{};
  std::vector<storage::Cursor> columns_{};
  std::vector<Documents> turns_{};  // of each column, who stands by it
  std::shared_ptr<const Terms::Ranked> ranked_{};
  std::size_t rank_ = 0;  // in the order's direction
};

Result<> Answer::order_terms(Ordering& ordering, const Documents& hits, std::size_t key, bool resumes) const {
  const std::shared_ptr<const Terms> by = ordering.keys[key].terms;
  Documents some = hits.without({});
  if (!by->has_field.empty()) some.keep(united(term_blocks(kTermKey, by->has_field, by->has_term)));
  const Documents nothing = hits.without(some);
  const bool in_nothing = resumes && ordering.after[key].empty() && !some.contains(ordering.after_document);
  if (!resumes && ordering.skip >= some.count())
    ordering.skip -= some.count();
  else if (!in_nothing)
    PF_TRY(order_some(ordering, some, key, resumes));
  if (ordering.full()) return {};
  return order(ordering, nothing, key + 1, in_nothing);
}

// Those that have something there.
Result<> Answer::order_some(Ordering& ordering, const Documents& some, std::size_t key, bool resumes) const {
  const Terms& by = *ordering.keys[key].terms;
  const bool in_none = resumes && ordering.after[key].empty();
  const auto all_in_column = [&] {
    Documents in_column = united(term_blocks(kTermKey, kHasColumnField, by.columns.front()));
    in_column.keep(some);
    return in_column.count() == some.count();
  };
  Documents none;
  if (some.count() <= kFewAsked) {
    PF_TRY(order_read(ordering, some, key, resumes, none));
  } else if (by.own || (!by.key_of && all_in_column())) {
    PF_TRY(order_own(ordering, some, key, resumes, none));
  } else {
    Documents left = some.to_drop_from();
    if (!in_none) PF_TRY(order_walked(ordering, left, key, resumes));
    if (by.in_turn) {
      none = some.without({});
      for (const std::string& column : by.columns) none.drop(united(term_blocks(kTermKey, kHasColumnField, column)));
    } else if (!ordering.full() && resumes) {  // what was before is not known
      PF_LET(const auto values, values_of(some, ordering.keys[key]));
      for (const auto& [value, document] : values)
        if (value.empty()) none.add(block_of(document), {document});
    } else {
      none = std::move(left);
    }
  }
  return ordering.full() ? Result<>() : order(ordering, none, key + 1, in_none);
}

// Those with a value in the column, in its order, and beside them those that have terms alone.
Result<> Answer::order_own(Ordering& ordering, const Documents& some, std::size_t key, bool resumes,
                           Documents& none) const {
  const Sort sort = ordering.keys[key];
  const Terms& by = *sort.terms;
  const std::string after = resumes ? ordering.after[key] : std::string();
  const bool in_none = resumes && after.empty();
  Documents in_column;
  if (!by.key_of && !by.columns.empty()) {
    in_column = united(term_blocks(kTermKey, kHasColumnField, by.columns.front()));
    in_column.keep(some);
  }
  Documents texts = some.without(in_column);
  const bool from_texts = by.key_of || (!after.empty() && after.front() == by.mark);
  bool knows_none = false;
  for (const bool is_text : {sort.descending, !sort.descending}) {
    if (in_none || ordering.full() || (is_text ? texts : in_column).count() == 0) continue;
    const bool first = is_text == sort.descending;
    if (resumes && first && from_texts != is_text) continue;  // the pages before had them
    const bool here = resumes && from_texts == is_text;
    if (!is_text) {
      ordering.keys[key] = {by.columns.front(), sort.descending, {}};
      auto done = order(ordering, in_column, key, here);
      ordering.keys[key] = sort;
      PF_TRY(std::move(done));
    } else if (texts.count() <= kFewAsked) {
      PF_TRY(order_read(ordering, texts, key, here, none));
      knows_none = true;
    } else {
      Documents left = texts.to_drop_from();
      PF_TRY(order_walked(ordering, left, key, here));
      knows_none = !here;
      if (knows_none) none = std::move(left);
    }
  }
  if (!knows_none && !ordering.full() && texts.count() > 0 && !by.field.empty())
    none = texts.without(united(Key(kTermKey, by.field).bytes()));
  return {};
}

// Asks all of them; `none` gets those that stand by nothing.
Result<> Answer::order_read(Ordering& ordering, const Documents& some, std::size_t key, bool resumes,
                            Documents& none) const {
  const Sort sort = ordering.keys[key];
  PF_LET(auto values, values_of(some, sort));
  std::ranges::sort(values, [&](const Placed& one, const Placed& other) { return is_before(one, other, sort); });
  for (auto from = values.begin(); from != values.end();) {
    const auto to = std::find_if(from, values.end(), [&](const Placed& one) { return one.first != from->first; });
    Documents group;
    for (auto one = from; one != to; ++one) group.add(block_of(one->second), {one->second});
    if (from->first.empty())
      none = std::move(group);
    else if (const auto order_there =
                 resumes ? in_order(from->first, ordering.after[key], sort.descending) : std::strong_ordering::greater;
             order_there >= 0 && !ordering.full())
      PF_TRY(order(ordering, group, key + 1, order_there == 0));
    from = to;
  }
  return {};
}

// Takes them out of `left` as they come, so that at the end of a whole walk those are left that stand by nothing.
Result<> Answer::order_walked(Ordering& ordering, Documents& left, std::size_t key, bool resumes) const {
  const Sort sort = ordering.keys[key];
  const std::string after = resumes ? ordering.after[key] : std::string();
  bool asks = !sort.terms->own && !sort.terms->in_turn;
  std::string value;
  Documents group;
  if (resumes && sort.terms->own) {
    Groups before(*this, sort, left, nullptr, kRowsBeforeMax);
    bool reached = false;
    while (!reached && before.next(left, value, group)) {
      reached = in_order(value, after, sort.descending) >= 0;
      if (!reached) left.drop(group);
    }
    asks = !reached && before.is_cut();
  }
  Groups groups(*this, sort, left, resumes ? &after : nullptr, left.count() <= kAskedMax ? kRowsWalkedMax : SIZE_MAX);
  if (!asks && !resumes && ordering.is_last(key)) groups.pass(left, ordering.skip);
  for (std::size_t seen = 1; !ordering.full() && groups.next(left, value, group); ++seen) {
    if (seen % kAskedAfter == 0 && sort.terms->keys_of) PF_TRY(sort.terms->keys_of({}));
    const bool here = resumes && value == after;
    if (asks) {
      PF_TRY(order_asked(ordering, group, value, key, here, left));
    } else {
      PF_TRY(order(ordering, group, key + 1, here));
      left.drop(group);
    }
  }
  if (ordering.full() || !groups.is_cut()) return {};
  Documents none;
  PF_TRY(order_read(ordering, left, key, resumes, none));
  left = std::move(none);
  return {};
}

// Those of a group that say so themselves.
Result<> Answer::order_asked(Ordering& ordering, const Documents& group, const std::string& value, std::size_t key,
                             bool resumes, Documents& left) const {
  const Sort& sort = ordering.keys[key];
  std::vector<Document> all = group.list();
  // Behind the last key they stand by number, and no more are asked than the page needs.
  const bool by_number = ordering.is_last(key);
  if (by_number && resumes)
    std::erase_if(all, [&](Document one) {
      return sort.descending ? one >= ordering.after_document : one <= ordering.after_document;
    });
  if (by_number && sort.descending) std::ranges::reverse(all);
  Documents confirmed;
  for (std::size_t from = 0, to = 0; from < all.size() && !ordering.full(); from = to) {
    Documents some;
    // No more than the page may need, where all of these stand here.
    const std::uint64_t needed = by_number ? ordering.skip + ordering.count - ordering.found.size() : kFewAsked;
    to = from + std::min({all.size() - from, kFewAsked, std::max<std::size_t>(kFewestAsked, needed)});
    for (std::size_t i = from; i < to; ++i) some.add(block_of(all[i]), {all[i]});
    PF_LET(auto values, values_of(some, sort));
    if (by_number && sort.descending) std::ranges::reverse(values);
    for (const auto& [own, document] : values) {
      if (own != value) continue;
      confirmed.add(block_of(document), {document});
      if (by_number) ordering.take(document);
    }
  }
  left.drop(confirmed);
  return by_number ? Result<>() : order(ordering, confirmed, key + 1, resumes);
}

}  // namespace pf::search
