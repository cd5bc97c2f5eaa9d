// Faults: gathers all that is wrong with an input, so that one answer says everything at once. One thread.
//
//   Faults faults;
//   if (name.empty()) faults.add("name", "required", "must say what it is called");
//   faults.take(check_address(address));       // all that another check found
//   PF_TRY(std::move(faults).checked());       // leaves with the Error of them all, if there are any
//
// A message that begins with a small letter goes on after its field's name; any other is a sentence by itself.
#pragma once

#include "productflow/result.h"

namespace pf {

class Faults {
 public:
  Faults() = default;
  // For what a state forbids: `lead` and the first fault are the message, such as "These cannot be sent together: ".
  explicit Faults(ErrorCode code, std::string lead = {}) : code_(code), lead_(std::move(lead)) {}
  void add(std::string field, std::string code, std::string message) {
    all_.push_back({std::move(field), std::move(code), std::move(message)});
  }
  // What `found` names; an Error that names no field counts as one fault. A Result without an error adds nothing.
  void take(const Error& found);
  template <class T>
  void take(const Result<T>& result) {
    if (!result.ok()) take(result.error());
  }
  [[nodiscard]] bool empty() const { return all_.empty(); }
  // Fine, or the Error with every fault; without a lead its message is message_for() them.
  [[nodiscard]] Result<> checked() &&;

 private:
  ErrorCode code_ = ErrorCode::invalid;
  std::optional<std::string> lead_{};
  std::vector<FieldFault> all_{};
};

// One fault's own sentence, or how many there are. REQUIRES: some.
std::string message_for(const std::vector<FieldFault>& faults);

}  // namespace pf
