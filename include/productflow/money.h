// Money: whole minor units and an ISO 4217 currency, never a float. Pure values, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "productflow/result.h"

namespace pf {

// Three capital letters. digits() is ISO 4217's number of minor digits (EUR 2, JPY 0, BHD 3).
class Currency {
 public:
  static Result<Currency> parse(std::string_view code);
  std::string_view code() const { return {code_, 3}; }
  int digits() const;
  friend bool operator==(const Currency&, const Currency&) = default;

 private:
  char code_[3] = {'E', 'U', 'R'};
};

struct Money {
  std::int64_t minor = 0;
  Currency currency{};

  friend bool operator==(const Money&, const Money&) = default;
};

// "19.95", "-0.5", "20": a decimal with '.' and at most the currency's digits (trailing zeros beyond are accepted).
// Refuses exponents, signs alone, thousands separators and what does not fit 63 bits.
Result<Money> parse_money(std::string_view decimal, Currency currency);
// Always the currency's digits: "19.95", "20.00", "-0.50"; for JPY "20".
std::string decimal(const Money& money);

Result<Money> add(const Money& a, const Money& b);           // invalid if currencies differ or it overflows
Result<Money> multiply(const Money& a, std::int64_t times);  // invalid if it overflows

}  // namespace pf
