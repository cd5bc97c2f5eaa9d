#include "api/product_lines.h"

#include "api/product_question.h"
#include "catalog/product_body.h"
#include "productflow/text.h"

namespace pf::api {
namespace {

constexpr std::size_t kBulkLineMax = 1u << 20;      // bytes; a line is one product, whose own limits are below this
constexpr std::size_t kBulkRowsWanted = 1'000;      // of one unit of work
constexpr std::size_t kBulkBytesWanted = 2u << 20;  // the same, for wide rows

// Lines of the body, however it arrives; at most one piece and one line in memory.
class Lines {
 public:
  explicit Lines(const http::Request& request) : source_(request.body_source) {
    if (!source_) {
      buffer_ = request.body;
      ended_ = true;
    }
  }
  // The next line without its end, or nothing after the last one.
  Result<std::optional<std::string>> next() {
    for (;;) {
      const auto end = buffer_.find('\n', at_);
      if (end != std::string::npos) {
        std::string line = buffer_.substr(at_, end - at_);
        at_ = end + 1;
        if (!line.empty() && line.back() == '\r') line.pop_back();
        return std::optional<std::string>(std::move(line));
      }
      if (ended_) {
        if (at_ >= buffer_.size()) return std::optional<std::string>();
        std::string line = buffer_.substr(at_);
        at_ = buffer_.size();
        return std::optional<std::string>(std::move(line));
      }
      buffer_.erase(0, at_);
      at_ = 0;
      if (buffer_.size() > kBulkLineMax)
        return error(ErrorCode::too_large,
                     "A line has at most " + std::to_string(kBulkLineMax >> 20) + " MiB: one product on each line.");
      PF_LET(const auto piece, source_());
      if (piece.empty())
        ended_ = true;
      else
        buffer_ += piece;
    }
  }

 private:
  http::BodySource source_;
  std::string buffer_;
  std::size_t at_ = 0;
  bool ended_ = false;
};

class Bulk {
 public:
  Bulk(storage::Store& store, catalog::Products& products, const gate::Call& call, catalog::WriteMode mode)
      : store_(store), products_(products), actor_(call.actor), lines_(call.request) {
    options_.mode = mode;
    options_.locale = wanted_locale(call);
    options_.by = call.actor;
  }

  Result<std::string> run() {
    for (std::uint64_t number = 1;; ++number) {
      PF_LET(auto line, lines_.next());
      if (!line) break;
      if (trim(*line).empty()) continue;
      bytes_ += line->size();
      read_line(number, *line);
      if (rows_.size() >= kBulkRowsWanted || bytes_ >= kBulkBytesWanted) flush();
    }
    flush();
    return std::move(out_);
  }

 private:
  struct Line {
    std::uint64_t number = 0;
    std::string sku{};
    std::optional<std::size_t> row{};  // of rows_, when it could be read
    Error fault{};
  };

  void read_line(std::uint64_t number, std::string_view text) {
    Line& line = pending_.emplace_back();
    line.number = number;
    const auto value = json::parse(text);
    if (!value.ok()) {
      line.fault = value.error();
      return;
    }
    if (const auto* sku = value->find("sku"); sku != nullptr && sku->as_string() != nullptr)
      line.sku = *sku->as_string();
    auto body = catalog::product_body_of(*value, catalog::BodyStyle::json);
    auto sku = catalog::parse_sku(line.sku);
    if (!body.ok()) line.fault = body.error();
    if (body.ok() && !sku.ok()) line.fault.faults = body->change.wrong;
    if (!sku.ok()) {
      line.fault.message = sku.error().message;
      line.fault.faults.insert(line.fault.faults.end(), sku.error().faults.begin(), sku.error().faults.end());
    }
    if (!body.ok() || !sku.ok()) return;
    line.row = rows_.size();
    rows_.push_back({*std::move(sku), std::move(body->change), body->locale.value_or("")});
  }

  // One unit of work. When it fails as a whole (a full disk), each of its lines says so.
  void flush() {
    std::vector<catalog::RowOutcome> outcomes;
    Result<> kept;
    if (!rows_.empty()) {
      kept = store_.write([&](storage::Write& work) -> Result<> {
        PF_LET(outcomes, products_.upsert_many(work, rows_, options_));
        return products_.note_batch(work, actor_, rows_, outcomes);
      });
    }
    for (const auto& line : pending_) {
      if (!line.row)
        tell(line, "refused", &line.fault);
      else if (!kept.ok())
        tell(line, "refused", &kept.error());
      else if (const auto& outcome = outcomes[*line.row]; outcome.outcome)
        tell(line, catalog::outcome_name(*outcome.outcome), nullptr);
      else
        tell(line, "refused", &outcome.error);
    }
    pending_.clear();
    rows_.clear();
    bytes_ = 0;
  }

  void tell(const Line& line, std::string_view status, const Error* fault) {
    auto answer = json::Value::object({{"line", line.number},
                                       {"sku", line.sku.empty() ? json::Value(nullptr) : json::Value(line.sku)},
                                       {"status", status}});
    if (fault != nullptr) {
      json::Value errors = json::Value::array();
      for (const auto& f : fault->faults)
        errors.push(json::Value::object({{"field", f.field}, {"code", f.code}, {"message", f.message}}));
      if (fault->faults.empty())
        errors.push(json::Value::object({{"field", ""}, {"code", "refused"}, {"message", fault->message}}));
      answer.set("errors", std::move(errors));
    }
    json::write(answer, out_);
    out_ += '\n';
  }

  storage::Store& store_;
  catalog::Products& products_;
  const access::Actor& actor_;
  Lines lines_;
  catalog::BatchOptions options_;
  std::vector<Line> pending_{};
  std::vector<catalog::ProductRow> rows_{};
  std::size_t bytes_ = 0;
  std::string out_{};
};

}  // namespace

Result<std::string> write_product_lines(storage::Store& store, catalog::Products& products, const gate::Call& call,
                                        catalog::WriteMode mode) {
  return Bulk(store, products, call, mode).run();
}

}  // namespace pf::api
