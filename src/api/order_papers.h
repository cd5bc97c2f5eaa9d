// What rows that print have in common. Only for the files of such rows.
#pragma once

#include "api/rows.h"
#include "vault/vault.h"

namespace pf::api {

inline const std::pair<std::string, std::string> kPaperLanguage{
    "language", "Of the PDF's words: en, nl, de or fr; the first of Accept-Language when absent."};

inline std::string paper_language(const Call& call) {
  return call.query_value("language").value_or(call.locale);
}
inline Answer pdf_answer(std::string pdf, const std::string& name) {
  return Answer{.raw = std::move(pdf),
                .content_type = "application/pdf",
                .headers = {{"content-disposition", "inline; filename=\"" + name + ".pdf\""}, {"vary", "Accept"}}};
}
// The same of one that names a buyer: nobody keeps it on the way.
inline Answer private_pdf(std::string pdf, const std::string& name) {
  Answer answer = pdf_answer(std::move(pdf), name);
  answer.headers.emplace_back("cache-control", "no-store");
  return answer;
}
// When a buyer who is gone went; nothing for one who was erased before his time, since no order says when that was.
inline std::optional<Time> gone_since(const vault::Vault& vault, const vault::PersonRef& person) {
  if (person.epoch == vault::kErasedEpoch) return std::nullopt;
  return vault.purge_at(person);
}

}  // namespace pf::api
