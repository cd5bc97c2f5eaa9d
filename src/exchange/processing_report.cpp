// What Amazon answers to a feed: its processing report, as JSON (issues of listings), as XML (results of messages) or
// as text (below a summary). Each row is a fault that it found with a product; here nothing changes by it.
#include <algorithm>
#include "exchange/party.h"
#include "productflow/text.h"

namespace pf::exchange {
namespace {

// The columns of each of its three shapes.
struct ReportColumns {
  std::string_view sku, code, severity, message, field;
};
constexpr ReportColumns kReportColumns[] = {
    {"sku", "code", "severity", "message", "attributeName"},
    {"sku", "error-code", "error-type", "error-message", "original-record-number"},
    {"sku", "ResultMessageCode", "ResultCode", "ResultDescription", "MessageID"}};

class ProcessingReport final : public Party {
 public:
  explicit ProcessingReport(const ReportColumns& columns) : columns_(columns) {}
  std::string name() const override { return "amazon processing report"; }
  void row(const Row& row, std::vector<ProductItem>&, std::vector<OrderItem>&) override {
    ListItem item;
    item.line = row.line;
    item.sku = row.cell(columns_.sku);
    FieldFault fault{std::string(row.cell(columns_.field)), std::string(row.cell(columns_.code)),
                     std::string(row.cell(columns_.message))};
    if (fault.message.empty()) fault.message = "Amazon gives no reason.";
    (equals_ignoring_case(row.cell(columns_.severity), "error") ? item.faults : item.notices)
        .push_back(std::move(fault));
    listed.push_back(std::move(item));
  }
  std::vector<FieldFault> remarks() const override {
    return {{"", "report",
             "This is Amazon's report on a feed that it was sent: what is refused here is what Amazon refused, in its "
             "words. Nothing in the shop has changed. Mend these products and send the feed again."}};
  }

 private:
  const ReportColumns& columns_;
};

}  // namespace

std::unique_ptr<Party> processing_report(const Header& header) {
  for (const ReportColumns& columns : kReportColumns)
    if (header.has(columns.code) && header.has(columns.severity) && header.has(columns.message) &&
        (header.has(columns.sku) || columns.code == "ResultMessageCode"))
      return std::make_unique<ProcessingReport>(columns);
  return nullptr;
}

}  // namespace pf::exchange
