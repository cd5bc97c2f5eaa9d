// What the roof lends to the command line.
#pragma once

#include "cli/cli.h"

namespace pf::app {

cli::Ways ways();

}  // namespace pf::app
