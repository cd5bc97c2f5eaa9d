#include "http/local_ca.h"

#include <unistd.h>

#include <fstream>
#include <sstream>

#include "crypto/certificate.h"
#include "productflow/files.h"

namespace pf::http {
namespace {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) return error(ErrorCode::unavailable, "The file " + path.string() + " cannot be read.");
  return text.str();
}

std::string host_name() {
  char name[256] = "";
  if (gethostname(name, sizeof name - 1) != 0) return {};
  return name;
}

}  // namespace

Result<TlsFiles> ensure_tls_files(const fs::path& folder, const std::string& listen_address, Time now) {
  const TlsFiles files{folder / "ca.pem", folder / "server.pem", folder / "server.key"};
  const fs::path ca_key = folder / "ca.key", names_file = folder / "server.names";
  std::error_code fault;
  fs::create_directories(folder, fault);
  fs::permissions(folder, fs::perms::owner_all, fault);

  // The owner's own certificate: there without the list of names that we write beside ours.
  if (fs::exists(files.certificate) && !fs::exists(names_file)) return files;

  const std::string host = host_name();
  if (!fs::exists(files.ca) || !fs::exists(ca_key)) {
    PF_LET(const auto made, crypto::make_authority("ProductFlow authority" + (host.empty() ? "" : " of " + host), now));
    PF_TRY(replace_file(ca_key, made.key_pem, 0600));
    PF_TRY(replace_file(files.ca, made.certificate_pem, 0644));
    fs::remove(names_file, fault);
    fs::remove(files.certificate, fault);
  }

  std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
  if (!host.empty() && host != "localhost") names.push_back(host);
  if (!listen_address.empty() && listen_address != "0.0.0.0" && listen_address != "::" &&
      listen_address != "127.0.0.1" && listen_address != "::1")
    names.push_back(listen_address);
  std::string wanted;
  for (const std::string& name : names) wanted += name + "\n";

  if (fs::exists(files.certificate) && fs::exists(files.key)) {
    PF_LET(const auto current, read_file(files.certificate));
    const auto end = crypto::expires_at(current);
    const auto known = read_file(names_file);
    if (end.ok() && *end - now > kRenewBefore && known.ok() && *known == wanted) return files;
  }
  PF_LET(auto ca_text, read_file(files.ca));
  PF_LET(auto ca_key_text, read_file(ca_key));
  PF_LET(const auto leaf, crypto::issue_server({std::move(ca_text), std::move(ca_key_text)}, names, now));
  PF_TRY(replace_file(names_file, wanted, 0600));
  PF_TRY(replace_file(files.key, leaf.key_pem, 0600));
  PF_TRY(replace_file(files.certificate, leaf.certificate_pem, 0644));
  TlsFiles renewed = files;
  renewed.renewed = true;
  return renewed;
}

Result<crypto::Identity> client_authority(const fs::path& folder, Time now) {
  const fs::path certificate = folder / "clients.pem", key = folder / "clients.key";
  if (!fs::exists(certificate) || !fs::exists(key)) {
    std::error_code fault;
    fs::create_directories(folder, fault);
    fs::permissions(folder, fs::perms::owner_all, fault);
    const std::string host = host_name();
    PF_LET(const auto made, crypto::make_authority("ProductFlow programs" + (host.empty() ? "" : " of " + host), now));
    PF_TRY(replace_file(key, made.key_pem, 0600));
    PF_TRY(replace_file(certificate, made.certificate_pem, 0644));
  }
  PF_LET(auto certificate_text, read_file(certificate));
  PF_LET(auto key_text, read_file(key));
  return crypto::Identity{std::move(certificate_text), std::move(key_text)};
}

Result<std::string> authority_text(const fs::path& folder) {
  for (const char* name : {"ca.pem", "server.pem"})
    if (fs::exists(folder / name)) return read_file(folder / name);
  return std::string();  // before the first start
}

}  // namespace pf::http
