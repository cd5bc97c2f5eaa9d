// backup-key, backup, verify, restore. The last three but `backup` need no running shop and no data folder.
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>

#include "backup/backup.h"
#include "cli/commands.h"
#include "http/client.h"
#include "productflow/text.h"

namespace pf::cli {
namespace {

namespace fs = std::filesystem;

Error cannot_write(const std::string& file) {
  return error(ErrorCode::unavailable,
               "The file " + file + " cannot be written. Does it exist already? Is there space?");
}

// A file that is there whole or not at all; "-" is standard output.
class Target {
 public:
  explicit Target(std::string file) : file_(std::move(file)), part_(file_ + ".part") {
    out_ = file_ == "-" ? STDOUT_FILENO : ::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  }
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  ~Target() {
    if (out_ >= 0 && file_ != "-") {
      ::close(out_);
      std::error_code ignored;
      fs::remove(part_, ignored);  // renamed when it was kept
    }
  }
  bool is_open() const { return out_ >= 0; }
  std::uint64_t bytes() const { return bytes_; }
  bool add(std::string_view piece) {
    bytes_ += piece.size();
    end_.append(piece.substr(piece.size() - std::min(piece.size(), backup::kEnd.size())));
    end_.erase(0, end_.size() - std::min(end_.size(), backup::kEnd.size()));
    while (!piece.empty()) {
      const ssize_t done = ::write(out_, piece.data(), piece.size());
      if (done <= 0) return false;
      piece.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
  }
  Result<> keep() {
    if (end_ != backup::kEnd)
      return error(ErrorCode::unavailable,
                   "The backup broke off and was not kept. Is there space beside the data folder and here?");
    if (file_ == "-") return {};
    return ::fsync(out_) == 0 && ::rename(part_.c_str(), file_.c_str()) == 0 ? Result<>() : cannot_write(file_);
  }

 private:
  std::string file_, part_, end_;
  int out_ = -1;
  std::uint64_t bytes_ = 0;
};

Result<crypto::BoxKeys> keys_in(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  if (!in || !std::getline(in, line)) return error(ErrorCode::not_found, "The key file " + file + " cannot be read.");
  auto keys = backup::read_secret_key(line);
  crypto::wipe(line);
  return keys;
}

backup::Source source_of(const std::string& file) {
  const auto in = std::make_shared<std::ifstream>();
  if (file != "-") in->open(file, std::ios::binary);
  return [in, file]() -> Result<std::string> {
    std::istream& from = file == "-" ? std::cin : *in;
    if (file != "-" && !in->is_open()) return error(ErrorCode::not_found, "The backup " + file + " cannot be read.");
    std::string piece(backup::kPieceBytes, '\0');
    from.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<std::size_t>(from.gcount()));
    return piece;
  };
}

json::Value contents_value(const backup::Contents& contents) {
  return json::Value::object({{"made_at", rfc3339(contents.about.made_at)},
                              {"shop", contents.about.shop},
                              {"version", contents.about.version},
                              {"files", contents.files},
                              {"bytes", contents.bytes}});
}

void add_key(Command& top, Context& context) {
  struct Options : Common {
    std::string out;
  };
  const auto options = std::make_shared<Options>();
  Command command =
      top.command("backup-key", "Make the key pair of backups; prints the open half, which the box may know",
                  "productflow backup-key --out /media/stick/backup.key");
  command.option("--out", options->out, "Where the secret half goes: not on the box", Need::required);
  command.flag("--json", options->as_json, "Answer as JSON, for programs");
  command.does([options, &context] {
    const auto keys = crypto::make_box_keys();
    std::string line = backup::secret_key_text(keys) + "\n";
    const int out = ::open(options->out.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool kept =
        out >= 0 && ::write(out, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(out) == 0;
    if (out >= 0) ::close(out);
    crypto::wipe(line);
    if (!kept) return context.fail(cannot_write(options->out));
    const std::string open = backup::open_key_text(keys.open);
    if (options->as_json)
      fmt::print("{}\n", json::write(json::Value::object({{"data", json::Value::object({{"key", open}})}})));
    else
      fmt::print("{}\n", open);
  });
}

struct BackupOptions : Common {
  std::string key, to, escrow;
};

Result<std::uint64_t> make_backup(const BackupOptions& options, Context& context) {
  PF_LET(const auto gateway, context.open(options));
  const auto asked = [&](const char* path) {
    http::Request request = request_for("POST", path);
    request.headers.emplace_back("content-type", "application/json");
    request.body = json::write(json::Value::object({{"key", options.key}}));
    return request;
  };
  std::uint64_t bytes = 0;
  if (!options.to.empty()) {
    Target target(options.to);
    if (!target.is_open()) return cannot_write(options.to);
    PF_LET(const auto response,
           gateway->call(asked("/api/v1/backup"), [&](std::string_view piece) { return target.add(piece); }));
    if (response.status >= 400) PF_TRY(read_answer(response));
    PF_TRY(target.keep());
    bytes = target.bytes();
  }
  if (!options.escrow.empty()) {
    PF_LET(const auto response, gateway->call(asked("/api/v1/vault/escrow")));
    if (response.status >= 400) PF_TRY(read_answer(response));
    PF_TRY(backup::write_escrow(options.escrow, response.body));
  }
  return bytes;
}

void add_backup(Command& top, Context& context) {
  const auto options = std::make_shared<BackupOptions>();
  Command command = top.command(
      "backup", "Everything but the key ring in one file that only the owner's key opens; also while serving",
      "productflow backup --data DIR --key pf-backup-1:... --to /mnt/shop.pfbackup\n"
      "  productflow backup --data DIR --key pf-backup-1:... --escrow /media/stick/ring.escrow");
  options->add(command);
  command.option("--key", options->key, "The open key, as backup-key printed it", Need::required);
  command.option("--to", options->to, "The file, whole or not at all; - is standard output");
  command.option("--escrow", options->escrow,
                 "Also, or only: the key ring of now, rewritten in place in this file; keep one, overwrite it daily");
  command.does([options, &context] {
    if (options->to.empty() && options->escrow.empty())
      return context.fail(invalid("--to", "required", "Say where the backup goes: --to FILE, --escrow FILE or both."));
    const auto bytes = make_backup(*options, context);
    if (!bytes.ok()) return context.fail(bytes.error());
    std::FILE* const out = options->to == "-" ? stderr : stdout;
    if (options->as_json)
      fmt::print(out, "{}\n",
                 json::write(json::Value::object(
                     {{"data", json::Value::object(
                                   {{"file", options->to}, {"bytes", *bytes}, {"escrow", options->escrow}})}})));
    else
      fmt::print(out, "{} bytes in {}\n", *bytes, options->to.empty() ? options->escrow : options->to);
  });
}

void show_contents(Context& context, const Common& common, const Result<backup::Contents>& contents) {
  if (!contents.ok()) return context.fail(contents.error());
  context.end(common, json::Value::object({{"data", contents_value(*contents)}}));
}

void add_backup_verify(Command& top, Context& context) {
  struct Options : Common {
    std::string file, key_file;
  };
  const auto options = std::make_shared<Options>();
  Command command = top.command("verify", "Read a backup to its end and check every seal and sum",
                                "productflow verify /mnt/shop.pfbackup --key-file /media/stick/backup.key");
  command.option("file", options->file, "The backup; - is standard input", Need::required);
  command.option("--key-file", options->key_file, "The secret key, as backup-key has written it", Need::required);
  command.flag("--json", options->as_json, "Answer as JSON, for programs");
  command.does([options, &context] {
    const auto keys = keys_in(options->key_file);
    if (!keys.ok()) return context.fail(keys.error());
    show_contents(context, *options, backup::read_backup(source_of(options->file), *keys, std::nullopt));
  });
}

struct RestoreOptions : Common {
  std::string file, key_file, escrow;
  bool dry_run = false;
};

Result<backup::Contents> restore(const RestoreOptions& options) {
  PF_LET(const auto keys, keys_in(options.key_file));
  std::optional<backup::Escrow> escrow;
  if (!options.escrow.empty()) {
    PF_LET(escrow, backup::read_escrow(options.escrow, keys));
  }
  const fs::path target(options.data);
  PF_LET(const auto contents,
         backup::read_backup(source_of(options.file), keys, options.dry_run ? std::nullopt : std::optional(target)));
  if (escrow && !options.dry_run) PF_TRY(backup::put_back_ring(target, *escrow));
  return contents;
}

void add_restore(Command& top, Context& context) {
  const auto options = std::make_shared<RestoreOptions>();
  Command command = top.command(
      "restore", "Put a backup into a new data folder; --dry-run only says what it is",
      "productflow restore /mnt/shop.pfbackup --key-file /media/stick/backup.key --data /var/lib/productflow"
      " --escrow /media/stick/ring.escrow");
  options->add(command);
  command.option("file", options->file, "The backup; - is standard input", Need::required);
  command.option("--key-file", options->key_file, "The secret key, as backup-key has written it", Need::required);
  command.option("--escrow", options->escrow,
                 "The key ring's escrow; without it the buyers of the last 30 days are gone");
  command.flag("--dry-run", options->dry_run, "Check all of it, write nothing");
  command.does([options, &context] { show_contents(context, *options, restore(*options)); });
}

}  // namespace

void add_backup_commands(Command& top, Context& context) {
  add_key(top, context);
  add_backup(top, context);
  add_backup_verify(top, context);
  add_restore(top, context);
}

}  // namespace pf::cli
