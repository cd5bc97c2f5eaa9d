// What the data folder's certificates are, for the command line; from the files, so it works beside a running server.
#pragma once

#include "cli/cli.h"

namespace pf::app {

// The local authority, where there is one, and the certificate that the server shows.
Result<std::vector<cli::CertificateFacts>> certificates_of(const std::filesystem::path& data);

}  // namespace pf::app
