#include "app/ways.h"

int main(int argc, char** argv) {
  return pf::cli::run(argc, argv, pf::app::ways());
}
