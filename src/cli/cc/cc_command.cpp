// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/cc_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "cli/cc/cc_help.h"
#include "cli/cc/command_lines.h"
#include "cli/cc/job_runner.h"
#include "cli/cc/linking.h"
#include "cli/cc/source_text.h"
#include "cli/cc/temporary_folder.h"
#include "cli/cli_error.h"
#include "cli/terminal.h"

namespace pw::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view command_name = "partywall cc";

bool is_c_family(const std::string& language) { return language == "c" || language == "c++"; }

SourceLanguage source_language(const std::string& language) {
  return language == "c++" ? SourceLanguage::Cxx : SourceLanguage::C;
}

std::string with_extension(const std::string& path, const std::string& extension) {
  return fs::path(path).replace_extension(extension).string();
}

// Everything that one call of the compiler wrapper holds together.
class Compilation {
 public:
  Compilation(const CcOptions& options, const Toolchain& toolchain, const Installation& installation)
      : options_(options),
        installation_(installation),
        lines_(options, toolchain, installation),
        tree_(lines_.search_path(), folder_.path(), !options_.lp64),
        runner_(folder_.path(), options.jobs != 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency()),
                options.verbose) {}

  int run() {
    prepare();
    int exit_code = compile();
    if (exit_code == 0 && options_.action == CcAction::Link) {
      Linking linking(options_, lines_, installation_, tree_, folder_.path(), runner_);
      exit_code = linking.run(link_items_, objects_);
    }
    if (const int signal_number = signals_.received(); signal_number != 0) return 128 + signal_number;
    return exit_code;
  }

 private:
  void prepare() {
    for (const CcInput& input : options_.inputs) {
      if (input.kind == CcInput::Kind::LinkItem) {
        link_items_.push_back(input.text);
        continue;
      }
      CompileStep step;
      step.source = input.text;
      step.language = input.language;
      step.prepared.path = input.text;
      if (is_c_family(input.language)) {
        const SourceLanguage language = source_language(input.language);
        if (input.text != "-") step.prepared = tree_.prepare(input.text, language);
        for (const std::string& header : options_.forced_includes) {
          step.forced_includes.push_back(tree_.prepare_forced_include(header, language));
        }
      }
      set_outputs(step);
      steps_.push_back(std::move(step));
    }
    if (steps_.size() > 1 && !options_.output.empty() && options_.action != CcAction::Link) {
      throw CliError(1, options_.output, "cannot be the output of several sources", "leave -o out, or compile one by one");
    }
  }

  void set_outputs(CompileStep& step) {
    const std::string base = fs::path(step.source).filename().string();
    const std::string object = with_extension(base, ".o");
    if (options_.action == CcAction::Link) {
      step.output = fmt::format("{}/{}-{}", folder_.path(), steps_.size(), object);
      link_items_.push_back(step.output);
      objects_.push_back({step.output, step.source});
    } else if (options_.action == CcAction::Compile) {
      step.output = options_.output.empty() ? object : options_.output;
    } else if (options_.action == CcAction::Assemble) {
      step.output = options_.output.empty() ? with_extension(base, ".s") : options_.output;
    }
    step.dependency_target = options_.action == CcAction::Link ? object : step.output;
    if (options_.action == CcAction::Dependencies || options_.action == CcAction::Preprocess) {
      step.dependency_target = object;
    }
    if (options_.dependencies.wanted) {
      const fs::path beside = fs::path(options_.output).parent_path();
      step.dependency_file = !options_.dependencies.file.empty() ? options_.dependencies.file
                             : options_.action == CcAction::Link ? (beside / with_extension(base, ".d")).string()
                                                                 : with_extension(step.dependency_target, ".d");
    } else if (options_.action == CcAction::Dependencies) {
      step.dependency_file = options_.dependencies.file;
    }
  }

  // Sources whose macros hold parts of structured exceptions are rewritten behind the preprocessor.
  int preprocess_some() {
    std::vector<CompileStep*> wanted;
    std::vector<Job> jobs;
    const bool compiles = options_.action != CcAction::Preprocess && options_.action != CcAction::Dependencies;
    for (CompileStep& step : steps_) {
      if (!compiles || !step.prepared.rewrite_preprocessed) continue;
      CompileStep first = step;
      first.phase = CompileStep::Phase::OnlyPreprocess;
      first.output.clear();
      jobs.push_back(Job{lines_.compile(first, tree_), {}, {}, {}, {}});
      wanted.push_back(&step);
    }
    runner_.run(jobs);
    for (std::size_t at = 0; at < jobs.size(); ++at) {
      CompileStep& step = *wanted[at];
      fmt::print(stderr, "{}", tree_.restore_paths(jobs[at].errors));
      if (jobs[at].status.shell_code() != 0) return 1;
      step.phase = CompileStep::Phase::AfterPreprocess;
      step.prepared.path = fmt::format("{}/preprocessed-{}", folder_.path(), at);
      write_file(step.prepared.path, run_seh_step(jobs[at].output, source_language(step.language), {}));
    }
    return 0;
  }

  int compile() {
    if (preprocess_some() != 0) return 1;
    std::vector<Job> jobs;
    for (const CompileStep& step : steps_) {
      Job job;
      job.command = lines_.compile(step, tree_);
      if (use_colour()) job.command.insert(job.command.begin() + 1, "-fdiagnostics-color=always");
      jobs.push_back(std::move(job));
    }
    runner_.run(jobs);
    int exit_code = 0;
    for (std::size_t at = 0; at < jobs.size(); ++at) {
      const Job& job = jobs[at];
      fmt::print(stderr, "{}", tree_.restore_paths(job.errors));
      deliver(tree_.restore_paths(job.output));
      if (!steps_[at].dependency_file.empty()) restore_dependency_file(steps_[at].dependency_file);
      exit_code = std::max(exit_code, job.status.signaled ? job.status.shell_code() : job.status.value != 0 ? 1 : 0);
    }
    return exit_code;
  }

  // What the compiler wrote to standard output: -E and -M without a file.
  void deliver(const std::string& text) {
    const bool to_file = !options_.output.empty() &&
                         (options_.action == CcAction::Preprocess || options_.action == CcAction::Dependencies);
    if (to_file) {
      write_file(options_.output, text);
    } else if (!text.empty()) {
      std::fwrite(text.data(), 1, text.size(), stdout);
      std::fflush(stdout);
    }
  }

  void restore_dependency_file(const std::string& file) {
    const auto text = read_file(file);
    if (!text) return;
    const std::string restored = tree_.restore_paths(*text);
    if (restored != *text) write_file(file, restored);
  }

  const CcOptions& options_;
  const Installation& installation_;
  platform::SignalForwarder signals_;  // keeps us alive on Ctrl-C until the temporary folder is gone
  TemporaryFolder folder_{"pw-cc-"};
  CommandLines lines_;
  SourceTree tree_;
  JobRunner runner_;
  std::vector<CompileStep> steps_;
  std::vector<std::string> link_items_;
  std::vector<CompiledObject> objects_;
};

// --version, -dumpmachine and the like: the compiler's own answer.
int ask_compiler(const Toolchain& toolchain, const std::vector<std::string>& arguments) {
  platform::SpawnRequest request;
  request.program = toolchain.program;
  request.arguments = {toolchain.program};
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const std::string& word = arguments[at];
    if (word == "--cc") ++at;
    if (word == "--driver" || word == "--app" || word == "--verbose" || word.compare(0, 4, "--cc") == 0) continue;
    request.arguments.push_back(word);
  }
  platform::ChildProcess child;
  if (child.start(request) != 0) throw CliError(127, toolchain.program, "cannot be started");
  return child.wait().shell_code();
}

}  // namespace

int run_cc(const std::vector<std::string>& arguments, ProgramKind kind, bool cplusplus) {
  const CcOptions options = parse_cc_options(arguments, kind, cplusplus);
  if (options.help) {
    fmt::print("{}", cc_help_text);
    return 0;
  }
  const bool asks = !options.compile_flags.empty() || !options.link_flags.empty();
  if (options.is_query() && options.ignored.empty() && !asks) {
    throw CliError(1, "no input files", "nothing to compile", "see partywall cc --help");
  }
  const Toolchain toolchain = Toolchain::find(options.compiler);
  if (options.is_query() && options.ignored.empty()) return ask_compiler(toolchain, arguments);
  if (options.is_query()) throw CliError(1, options.ignored.front(), "is no source that can be compiled");
  if (options.kind == ProgramKind::Unknown) {
    throw CliError(1, options.inputs.front().text, "neither --driver nor --app is given", "say which of the two is built");
  }
  if (options.verbose) {
    for (const std::string& word : options.ignored) print_note(command_name, word + " has no effect here");
  }
  const Installation installation = Installation::locate();
  return Compilation(options, toolchain, installation).run();
}

}  // namespace pw::cli
