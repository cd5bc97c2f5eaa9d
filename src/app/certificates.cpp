#include "app/certificates.h"

#include <fstream>
#include <iterator>

#include "crypto/certificate.h"

namespace pf::app {
namespace {

namespace fs = std::filesystem;

Result<cli::CertificateFacts> facts_of(const char* what, const fs::path& file, bool own) {
  std::ifstream in(file, std::ios::binary);
  const std::string pem((std::istreambuf_iterator<char>(in)), {});
  if (!in && pem.empty())
    return error(ErrorCode::not_found, "The certificate " + file.string() +
                                           " cannot be read. It is made when ProductFlow serves this folder first.");
  PF_LET(const auto expires, crypto::expires_at(pem));
  PF_LET(auto fingerprint, crypto::fingerprint_sha256(pem));
  return cli::CertificateFacts{what, file.string(), std::move(fingerprint), expires, own};
}

}  // namespace

Result<std::vector<cli::CertificateFacts>> certificates_of(const fs::path& data) {
  const fs::path folder = data / "tls";
  // As http::ensure_tls_files tells the owner's from ours: by the list of names that it writes beside ours.
  std::error_code fault;
  const bool own = fs::exists(folder / "server.pem", fault) && !fs::exists(folder / "server.names", fault);
  std::vector<cli::CertificateFacts> all;
  if (!own) {
    PF_LET(auto authority, facts_of("local authority", folder / "ca.pem", false));
    all.push_back(std::move(authority));
  }
  PF_LET(auto server, facts_of("server", folder / "server.pem", own));
  all.push_back(std::move(server));
  return all;
}

}  // namespace pf::app
