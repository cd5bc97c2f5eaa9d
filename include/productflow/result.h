// Result<T>: a value, or an Error that somebody can act on. Standard library only; usable from every room and thread.
//
// Input errors are answers and travel as Result; broken invariants are assertions. A library's exceptions end at
// the room that uses the library.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace pf {

// Free of business words; the gate turns each into one HTTP status and the command line into an exit code.
enum class ErrorCode {
  invalid,          // the input is at fault; `fields` says where
  unauthenticated,  // nobody, or nobody we know
  forbidden,        // known, but may not
  not_found,
  conflict,      // somebody was faster, or the state does not allow it
  gone,          // it was here and has been destroyed for good
  too_large,     // above a named limit
  too_many,      // too often; try again later
  unsupported,   // a media type, format or version that we do not read
  storage_full,  // the disk is nearly full: reads go on, writes are refused
  unavailable,   // cannot be answered now (sealed, shutting down, busy)
  internal,      // a fault of ours; the message names no cause to outsiders
};

// One fault of an input. `field` is a path such as "lines[2].quantity"; `code` a stable word; `message` a sentence.
struct FieldFault {
  std::string field;
  std::string code;
  std::string message;
};

// `message` is a sentence that says what happened and what to do. Never personal data, never a secret.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::vector<FieldFault> faults{};
};

inline Error error(ErrorCode code, std::string message) {
  return Error{code, std::move(message), {}};
}
inline Error invalid(std::string field, std::string code, std::string message) {
  Error e{ErrorCode::invalid, message, {}};
  e.faults.push_back({std::move(field), std::move(code), std::move(message)});
  return e;
}

template <class T = void>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error e) : state_(std::in_place_index<1>, std::move(e)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok().
  T& value() & {
    assert(ok());
    return std::get<0>(state_);
  }
  const T& value() const& {
    assert(ok());
    return std::get<0>(state_);
  }
  T&& value() && {
    assert(ok());
    return std::get<0>(std::move(state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // REQUIRES: !ok().
  const Error& error() const& {
    assert(!ok());
    return std::get<1>(state_);
  }
  Error&& error() && {
    assert(!ok());
    return std::get<1>(std::move(state_));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  Result() = default;
  Result(Error e) : error_(std::move(e)) {}
  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const& {
    assert(!ok());
    return *error_;
  }
  Error&& error() && {
    assert(!ok());
    return *std::move(error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace pf

// PF_TRY(expression): leaves the function with the expression's Error if it has one.
// PF_LET(auto x, expression): the same, and binds the value.
#define PF_CONCAT_(a, b) a##b
#define PF_CONCAT(a, b) PF_CONCAT_(a, b)
#define PF_TRY_(tmp, ...)                                                   \
  do {                                                                      \
    if (auto tmp = (__VA_ARGS__); !tmp.ok()) return std::move(tmp).error(); \
  } while (false)
#define PF_TRY(...) PF_TRY_(PF_CONCAT(pf_try_, __COUNTER__), __VA_ARGS__)
#define PF_LET_(tmp, declaration, ...)          \
  auto tmp = (__VA_ARGS__);                     \
  if (!tmp.ok()) return std::move(tmp).error(); \
  declaration = std::move(tmp).value()
#define PF_LET(declaration, ...) PF_LET_(PF_CONCAT(pf_let_, __COUNTER__), declaration, __VA_ARGS__)
