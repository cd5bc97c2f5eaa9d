#include "cli/completion.h"

#include <fmt/core.h>

namespace pf::cli {
namespace {

// Calls `use` for every command, with its path: "", "token", "token new".
template <class Use>
void walk(const CommandNames& command, const std::string& path, const Use& use) {
  use(command, path);
  for (const CommandNames& below : command.commands)
    walk(below, path.empty() ? below.name : path + " " + below.name, use);
}

std::string words_of(const CommandNames& command) {
  std::string words;
  for (const CommandNames& below : command.commands) words += (words.empty() ? "" : " ") + below.name;
  for (const std::string& option : command.options) words += (words.empty() ? "" : " ") + option;
  return words;
}

// Single quotes in a shell's single quotes.
std::string in_quotes(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// The words after the program's name that name commands are the path; what follows an option is its value.
std::string posix_function(const CommandNames& all, const char* words, const char* first) {
  std::string known, cases;
  walk(all, "", [&](const CommandNames& command, const std::string& path) {
    if (!path.empty()) known += (known.empty() ? "" : "|") + in_quotes(path);
    cases += fmt::format("    {}) candidates={} ;;\n", in_quotes(path), in_quotes(words_of(command)));
  });
  return fmt::format(
      "  local command='' next word candidates\n"
      "  for word in \"${{{}[@]:{}}}\"; do\n"
      "    next=\"${{command:+$command }}$word\"\n"
      "    case \"$next\" in {}) command=\"$next\" ;; esac\n"
      "  done\n"
      "  case \"$command\" in\n{}  esac\n",
      words, first, known, cases);
}

std::string bash(const CommandNames& all) {
  return "# productflow completion bash > /etc/bash_completion.d/productflow\n_productflow() {\n" +
         posix_function(all, "COMP_WORDS", "1:COMP_CWORD-1") +
         "  local typed=\"${COMP_WORDS[COMP_CWORD]}\"\n"
         "  case \"$typed\" in\n"
         "    -*) COMPREPLY=($(compgen -W \"$candidates\" -- \"$typed\")) ;;\n"
         "    *) COMPREPLY=($(compgen -W \"$candidates\" -- \"$typed\") $(compgen -f -- \"$typed\")) ;;\n"
         "  esac\n"
         "}\n"
         "complete -o filenames -F _productflow productflow\n";
}

std::string zsh(const CommandNames& all) {
  return "#compdef productflow\n# productflow completion zsh > \"${fpath[1]}/_productflow\"\n_productflow() {\n"
         "  local -a before; before=(\"${words[@]:1:CURRENT-2}\")\n" +
         posix_function(all, "before", "0") +
         "  compadd -- ${=candidates}\n"
         "  [[ $PREFIX == -* ]] || _files\n"
         "}\n"
         "if [ \"$funcstack[1]\" = _productflow ]; then _productflow \"$@\"; else compdef _productflow productflow; "
         "fi\n";
}

std::string fish(const CommandNames& all) {
  std::string out = "# productflow completion fish > ~/.config/fish/completions/productflow.fish\n";
  walk(all, "", [&](const CommandNames& command, const std::string& path) {
    std::string seen = path.empty() ? "__fish_use_subcommand" : "";
    for (std::size_t at = 0; at < path.size();) {
      const std::size_t end = std::min(path.find(' ', at), path.size());
      seen += (seen.empty() ? "" : "; and ") + ("__fish_seen_subcommand_from " + path.substr(at, end - at));
      at = end + 1;
    }
    for (const CommandNames& below : command.commands)
      out += fmt::format("complete -c productflow -n {} -a {} -d {}\n", in_quotes(seen), below.name,
                         in_quotes(below.summary));
    for (const std::string& option : command.options)
      out += fmt::format("complete -c productflow -n {} -l {}\n", in_quotes(seen), option.substr(2));
  });
  return out;
}

}  // namespace

std::string completion_script(const CommandNames& all, Shell shell) {
  switch (shell) {
    case Shell::bash:
      return bash(all);
    case Shell::zsh:
      return zsh(all);
    case Shell::fish:
      return fish(all);
  }
  return {};
}

}  // namespace pf::cli
