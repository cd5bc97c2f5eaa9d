// The data folder's part of the doctor: files and their modes, the disk below them, certificates.
#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <fstream>

#include "app/certificates.h"
#include "app/doctor.h"
#include "http/local_ca.h"
#include "productflow/text.h"
#include "storage/store.h"

namespace pf::app {
namespace {

namespace fs = std::filesystem;
using cli::Finding;
using cli::Health;

// Files that open something: a key, or a way to all of it.
bool is_secret(const fs::path& file) {
  const std::string name = file.filename().string(), folder = file.parent_path().filename().string();
  return file.extension() == ".key" || folder == "keyring" || folder == "spool" || name == "admin.sock";
}

void examine_modes(std::vector<Finding>& findings, const fs::path& data) {
  struct stat top {};
  if (::lstat(data.c_str(), &top) != 0) return;
  if (top.st_uid != ::geteuid() && ::geteuid() != 0)
    findings.push_back({"owner", Health::fault, data.string() + " belongs to another user.",
                        "Run productflow as the user who serves it, or give the folder to this one with chown -R."});
  std::size_t files = 0;
  std::string open_secrets, foreign;
  std::error_code fault;
  for (fs::recursive_directory_iterator at(data, fs::directory_options::skip_permission_denied, fault), end; at != end;
       at.increment(fault)) {
    struct stat info {};
    if (::lstat(at->path().c_str(), &info) != 0) continue;
    ++files;
    if (is_secret(at->path()) && (info.st_mode & 077) != 0)
      open_secrets += " " + fs::relative(at->path(), data).string();
    if (info.st_uid != top.st_uid && foreign.size() < 200) foreign += " " + fs::relative(at->path(), data).string();
  }
  if (!open_secrets.empty())
    findings.push_back({"secret files", Health::fault, "Other users of this machine can read:" + open_secrets + ".",
                        "chmod go-rwx them, and think of who may have read them."});
  else
    findings.push_back({"secret files", Health::ok, "Keys can be read by their owner alone."});
  if (!foreign.empty())
    findings.push_back({"owner", Health::fault, "Files that belong to somebody else:" + foreign + ".",
                        "Give them to the folder's owner, or the server cannot write them: chown -R"});
  if ((top.st_mode & 077) != 0)
    findings.push_back({"data folder", Health::warning,
                        "Other users of this machine can look into " + data.string() + ".",
                        "chmod 700 " + data.string()});
  else
    findings.push_back({"data folder", Health::ok, fmt::format("{} files, closed to other users.", files)});
}

void examine_space(std::vector<Finding>& findings, const fs::path& data) {
  struct statvfs disk {};
  if (::statvfs(data.c_str(), &disk) != 0) return;
  constexpr std::uint64_t kMiB = 1u << 20;
  const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize,
                      reserve = storage::OpenOptions{}.free_bytes_reserve;
  const std::string says =
      fmt::format("{} MiB are free; below {} MiB nothing is written.", free / kMiB, reserve / kMiB);
  if (free < reserve)
    findings.push_back({"disk space", Health::fault, says, "Free some space now: orders are being refused."});
  else if (free < 8 * reserve)
    findings.push_back({"disk space", Health::warning, says, "Free some space, or move the folder to a larger disk."});
  else
    findings.push_back({"disk space", Health::ok, says});
  if (disk.f_files > 0 && disk.f_favail < 10'000)
    findings.push_back({"files on the disk", Health::warning,
                        fmt::format("The file system has room for only {} more files.", disk.f_favail),
                        "Remove small files elsewhere on it."});
}

// The key ring is destroyed by overwriting, which only works where files are written in place (security.md 3.3).
void examine_file_system(std::vector<Finding>& findings, const fs::path& data) {
  struct statfs info {};
  if (::statfs((data / "keyring").c_str(), &info) != 0) {
    findings.push_back({"key ring", Health::fault, "There is no key ring in " + (data / "keyring").string() + ".",
                        "Put it back if you moved it; without it the buyers of the last 30 days cannot be read."});
    return;
  }
  struct Kind {
    std::uint32_t number;  // linux/magic.h, and the file systems' own sources
    const char* name;
    Health health;
    const char* why;
  };
  constexpr const char* kCopies = "writes elsewhere instead of in place, so a destroyed key may still lie on the disk";
  constexpr const char* kRemote = "is another machine's: what it keeps of a destroyed key is not known here";
  static constexpr Kind kKinds[] = {{0xef53, "ext4", Health::ok, ""},
                                    {0x58465342, "XFS", Health::ok, ""},
                                    {0x01021994, "tmpfs", Health::warning, "is gone when the machine restarts"},
                                    {0x9123683e, "btrfs", Health::warning, kCopies},
                                    {0x2fc12fc1, "ZFS", Health::warning, kCopies},
                                    {0x794c7630, "overlay", Health::warning, kCopies},
                                    {0xca451a4e, "bcachefs", Health::warning, kCopies},
                                    {0xf2f52010, "F2FS", Health::warning, kCopies},
                                    {0x6969, "NFS", Health::warning, kRemote},
                                    {0xff534d42, "CIFS", Health::warning, kRemote},
                                    {0x65735546, "FUSE", Health::warning, "may keep what was overwritten"}};
  for (const Kind& kind : kKinds)
    if (kind.number == static_cast<std::uint32_t>(info.f_type)) {
      if (kind.health == Health::ok)
        findings.push_back({"key ring", Health::ok, std::string("On ") + kind.name + ", which overwrites in place."});
      else
        findings.push_back({"key ring", kind.health, std::string("On ") + kind.name + ", which " + kind.why + ".",
                            "Keep DIR/keyring on ext4 or XFS; it is small."});
      return;
    }
  findings.push_back(
      {"key ring", Health::warning,
       fmt::format("On a file system that is not known here (0x{:x}).", static_cast<std::uint32_t>(info.f_type)),
       "Make sure that it overwrites files in place; ext4 and XFS do."});
}

// A dm-crypt device, or one that stands on such (Documentation/ABI/testing/sysfs-block-dm).
bool is_encrypted(const fs::path& device, int depth = 0) {
  std::ifstream in(device / "dm" / "uuid");
  std::string uuid;
  in >> uuid;
  if (uuid.starts_with("CRYPT-")) return true;
  std::error_code fault;
  if (depth < 8)
    for (const auto& below : fs::directory_iterator(device / "slaves", fault))
      if (is_encrypted(below.path(), depth + 1)) return true;
  return false;
}

void examine_encryption(std::vector<Finding>& findings, const fs::path& data) {
  struct stat info {};
  if (::stat(data.c_str(), &info) != 0) return;
  const fs::path device = fmt::format("/sys/dev/block/{}:{}", major(info.st_dev), minor(info.st_dev));
  if (is_encrypted(device))
    findings.push_back({"disk encryption", Health::ok, "The disk below the data folder is encrypted."});
  else
    findings.push_back({"disk encryption", Health::warning,
                        "The disk below the data folder does not look encrypted: who "
                        "takes it reads products, orders and the key ring.",
                        "Use LUKS (cryptsetup) for the disk of the data folder."});
}

void examine_certificates(std::vector<Finding>& findings, const fs::path& data, Time now) {
  std::error_code fault;
  if (!fs::exists(data / "tls" / "server.pem", fault)) {
    findings.push_back({"certificate", Health::ok, "None yet: it is made when the server starts first."});
    return;
  }
  const auto all = certificates_of(data);
  if (!all.ok()) {
    findings.push_back(
        {"certificate", Health::fault, all.error().message, "Remove DIR/tls/server.* to get a new one."});
    return;
  }
  for (const cli::CertificateFacts& one : *all) {
    const auto left = std::chrono::duration_cast<std::chrono::days>(one.expires_at - now).count();
    const std::string about = one.what + "'s certificate", until = " (until " + rfc3339(one.expires_at) + ").";
    const std::string advice =
        one.own                ? "Put a new server.pem and server.key into DIR/tls and send SIGHUP to the server."
        : one.what == "server" ? "It is renewed when the server starts, and daily while it runs: start it."
                               : "Remove DIR/tls/ca.* and start the server; then trust the new ca.pem.";
    if (one.expires_at <= now)
      findings.push_back({about, Health::fault, "It has expired; browsers and programs refuse it" + until, advice});
    else if (left < std::chrono::days(http::kRenewBefore).count() / 2)
      findings.push_back({about, Health::warning, fmt::format("It expires in {} days", left) + until, advice});
    else
      findings.push_back({about, Health::ok, fmt::format("Good for {} more days", left) + until});
  }
}

}  // namespace

void examine_folder(std::vector<Finding>& findings, const fs::path& data, Time now) {
  examine_modes(findings, data);
  examine_space(findings, data);
  examine_file_system(findings, data);
  examine_encryption(findings, data);
  examine_certificates(findings, data, now);
}

}  // namespace pf::app
