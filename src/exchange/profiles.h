// Export profiles and the shop's own formats, kept; and the feeds that are fetched at their addresses. Changes are
// audited in the same unit of work. Any thread.
//
// A feed's address holds a token that is the whole right to it. It is shown once; kept is its SHA-256, by which it is
// looked up, so neither the store nor the time of an answer tells a token.
//
// On disk (family "profiles"; do not change): "p" id -> a profile, JSON; "t" SHA-256 of a token -> id of its profile;
// "i" picture key -> id of its profile; "f" name -> a format of the shop's own, its document.
#pragma once

#include "audit/audit.h"
#include "exchange/channel_format.h"
#include "exchange/exporter.h"
#include "exchange/listing.h"
#include "exchange/profile.h"

namespace pf::exchange {

inline constexpr std::size_t kProfilesMax = 200, kOwnFormatsMax = 100;
inline constexpr std::size_t kProfileNameBytesMax = 100, kQueryBytesMax = 8'000, kProfileColumnsMax = 200;

// The bytes of a profile's file until something changes: every change of the catalogue makes it another, also one that
// the profile leaves out.
struct ProfileState {
  std::string mark{};  // 32 hexadecimal digits
  Time changed_at{};
};

class Profiles {
 public:
  static std::vector<storage::Family> families();  // "profiles"
  Profiles(const Rooms& rooms, audit::Audit& audit, const Clock& clock);

  // ---- profiles. Every fault at once; fields are a profile's.
  Result<std::vector<Profile>> list(const storage::Reader& read) const;  // by name
  Result<Profile> find(const storage::Reader& read, std::string_view id) const;
  Result<Profile> create(const access::Actor& by, Profile profile);
  // Replaces what a profile says; id, feed and times are kept.
  Result<Profile> change(const access::Actor& by, std::string_view id, Profile profile);
  Result<> remove(const access::Actor& by, std::string_view id);  // its feed ends

  // ---- feeds
  // Gives the profile an address, or a new one in place of the old: the token, shown once. Conflict for a whole export,
  // which tells what the shop pays.
  Result<std::pair<Profile, std::string>> open_feed(const access::Actor& by, std::string_view id);
  Result<Profile> close_feed(const access::Actor& by, std::string_view id);
  Result<std::optional<Profile>> of_token(const storage::Reader& read, std::string_view token) const;
  Result<bool> has_pictures(const storage::Reader& read, std::string_view picture_key) const;

  // ---- formats
  Result<std::vector<ChannelFormat>> formats(const storage::Reader& read) const;  // ours and the shop's own, by name
  // Nothing for the whole exports, which are no channel's.
  Result<std::optional<ChannelFormat>> format_of(const storage::Reader& read, const Profile& profile) const;
  Result<ChannelFormat> keep_format(const access::Actor& by, std::string_view document);  // conflict for a name of ours
  Result<> remove_format(const access::Actor& by, std::string_view name);  // conflict while a profile has it

  // ---- the file
  Result<ProfileState> state(const storage::Reader& read, const Profile& profile) const;
  Result<> write(const Profile& profile, const ExportSink& sink) const;
  static std::string file_name(const Profile& profile, const std::optional<ChannelFormat>& format);
  static std::string type_of(const Profile& profile, const std::optional<ChannelFormat>& format);
  static ListingTerms terms_of(const Profile& profile);
  static Walk walk_of(const Profile& profile);
  const Rooms& rooms() const { return rooms_; }

 private:
  Result<> check(const storage::Reader& read, Profile& profile) const;
  Result<> note(storage::Write& work, const access::Actor& by, std::string_view action, const Profile& profile);
  Result<> drop_tokens(storage::Write& work, const Profile& profile);
  const Rooms rooms_;
  audit::Audit& audit_;
  const Clock& clock_;
  const storage::FamilyRef family_;
};

}  // namespace pf::exchange
