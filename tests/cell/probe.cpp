// A cell's executable for tests: the tasks of the house, and some that try what a cell may not.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "cell/task.h"
#include "formats/cell_reading.h"
#include "pictures/pictures.h"

extern char** environ;

namespace {

using pf::cell::House;

// Says "came through" when the kernel let it.
void attempt(House& house, long (*how)()) {
  house.receive();
  const long result = how();
  house.send('o', "came through: " + std::to_string(result));
}

void open_file(House& house) {
  attempt(
      house, +[]() -> long { return syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY, 0); });
}
void open_environment(House& house) {
  attempt(
      house, +[]() -> long {
        return syscall(SYS_openat, AT_FDCWD, ("/proc/" + std::to_string(getppid()) + "/environ").c_str(), O_RDONLY, 0);
      });
}
void open_socket(House& house) {
  attempt(
      house, +[]() -> long { return socket(AF_INET, SOCK_STREAM, 0); });
}
void start_program(House& house) {
  attempt(
      house, +[]() -> long {
        char name[] = "/bin/true";
        char* const arguments[] = {name, nullptr};
        return execve(name, arguments, environ);
      });
}
void start_process(House& house) {
  attempt(
      house, +[]() -> long { return syscall(SYS_clone, 17, nullptr, nullptr, nullptr, nullptr); });
}
void kill_house(House& house) {
  attempt(
      house, +[]() -> long { return syscall(SYS_kill, 1, 0); });
}
void map_code(House& house) {
  attempt(
      house, +[]() -> long {
        return mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
               MAP_FAILED;
      });
}
void write_elsewhere(House& house) {
  attempt(
      house, +[]() -> long { return write(7, "x", 1); });
}
volatile bool on = true;
void spin(House& house) {
  attempt(
      house, +[]() -> long {
        while (on) {
        }
        return 0;
      });
}
void wait_long(House& house) {
  house.receive();
  house.receive();  // of whom nobody says anything
}
volatile std::size_t four_gigabytes = std::size_t{4} << 30;  // or clang 14 would do it while it compiles
void take_memory(House& house) {
  attempt(
      house, +[]() -> long { return std::string(four_gigabytes, 'x').back(); });
}
volatile char* nowhere = nullptr;
void crash(House& house) {
  attempt(
      house, +[]() -> long { return *nowhere; });
}
void break_off(House& house) {
  attempt(
      house, +[]() -> long { std::abort(); });
}
void lie(House& house) {  // about the length of what follows
  attempt(
      house, +[]() -> long {
        const char head[] = {'o', '\x7f', '\x7f', '\x7f', '\x7f'};
        return write(STDOUT_FILENO, head, sizeof head);
      });
}
// What it was started with: environment and descriptors.
void tell(House& house) {
  house.receive();
  std::string out = environ == nullptr || *environ == nullptr ? "no environment" : *environ;
  house.send('o', out);
}
void echo(House& house) {
  for (;;) house.send('o', house.receive().body);
}

constexpr pf::cell::Task kTasks[] = {{"open", open_file},
                                     {"environment", open_environment},
                                     {"socket", open_socket},
                                     {"program", start_program},
                                     {"process", start_process},
                                     {"kill", kill_house},
                                     {"code", map_code},
                                     {"write", write_elsewhere},
                                     {"spin", spin},
                                     {"silent", wait_long},
                                     {"memory", take_memory},
                                     {"crash", crash},
                                     {"abort", break_off},
                                     {"lie", lie},
                                     {"tell", tell},
                                     {"echo", echo},
                                     pf::formats::kReadFileTask,
                                     pf::pictures::kShrinkTask};

}  // namespace

int main(int argc, char** argv) {
  if (pf::cell::is_cell(argc, argv)) pf::cell::live(argc, argv, kTasks);
  return 2;
}
