#include "productflow/faults.h"

namespace pf {
namespace {

// "must be a text" says its field beside it; alone it needs it.
std::string sentence_of(const FieldFault& fault) {
  const bool goes_on = !fault.message.empty() && fault.message[0] >= 'a' && fault.message[0] <= 'z';
  const bool needs_field = goes_on && !fault.field.empty() && !fault.message.starts_with(fault.field + " ");
  return needs_field ? fault.field + " " + fault.message : fault.message;
}

}  // namespace

void Faults::take(const Error& found) {
  if (found.faults.empty()) all_.push_back({"", "invalid", found.message});
  all_.insert(all_.end(), found.faults.begin(), found.faults.end());
}

Result<> Faults::checked() && {
  if (all_.empty()) return {};
  std::string message = lead_ ? *lead_ + all_.front().message : message_for(all_);
  return Error{code_, std::move(message), std::move(all_)};
}

std::string message_for(const std::vector<FieldFault>& faults) {
  assert(!faults.empty());
  return faults.size() == 1 ? sentence_of(faults.front()) : std::to_string(faults.size()) + " fields need attention.";
}

}  // namespace pf
