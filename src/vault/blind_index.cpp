#include "vault/blind_index.h"

#include <algorithm>

#include "crypto/crypto.h"
#include "json/members.h"
#include "productflow/text.h"
#include "search/index.h"
#include "vault/vault_keys.h"

namespace pf::vault {
namespace {

std::string digits_of(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("(0)"))
      i += 2;  // "+31 (0)6 ...": dialled within the country only
    else if (text[i] >= '0' && text[i] <= '9')
      out.push_back(text[i]);
  }
  if (out.starts_with("00")) out.erase(0, 2);  // the international prefix; "+" has gone already
  return out;
}

}  // namespace

std::string normalised(IndexField field, std::string_view value) {
  switch (field) {
    case IndexField::email:
      return search::folded(trim(value));
    case IndexField::phone:
      return digits_of(value);
    case IndexField::postcode: {
      std::string out;
      for (char c : search::folded(value))
        if (c != ' ' && c != '-') out.push_back(c);
      return out;
    }
    case IndexField::name: {
      std::string out;
      for (const std::string& word : search::words_of(value)) out += (out.empty() ? "" : " ") + word;
      return out;
    }
  }
  return {};
}

std::string index_token(std::string_view day_secret, IndexField field, std::string_view normalised_value) {
  std::string covered(1, static_cast<char>(field));
  covered.push_back('\0');
  return crypto::hmac_sha256(day_secret, covered.append(normalised_value)).substr(0, kTokenBytes);
}

std::vector<std::pair<IndexField, std::string>> index_values(const Buyer& buyer) {
  std::vector<std::pair<IndexField, std::string>> values;
  const auto add = [&](IndexField field, std::string_view text) {
    std::string value = normalised(field, text);
    if (!value.empty()) values.emplace_back(field, std::move(value));
  };
  if (const Private* email = buyer.find(Field::email)) add(IndexField::email, email->in_the_clear());
  if (const Private* phone = buyer.find(Field::phone)) add(IndexField::phone, phone->in_the_clear());
  for (const Field which : {Field::shipping, Field::billing}) {
    const Private* text = buyer.find(which);
    if (text == nullptr) continue;
    const auto address = json::parse(text->in_the_clear());
    if (!address.ok()) continue;
    add(IndexField::postcode, json::text_in(*address, "zip_code"));
    add(IndexField::name, json::text_in(*address, "first_name") + " " + json::text_in(*address, "last_name"));
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

}  // namespace pf::vault
