// SPDX-License-Identifier: Apache-2.0
#include "platform/program_start.h"

#include <cerrno>

#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pw::platform {
namespace {

struct Plan {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    Plan() {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
    }
    ~Plan() {
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
    }
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;
};

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

}  // namespace

int start_program(const ProgramStart& start, int* process_id) {
    Plan plan;
    int error = 0;
    // Through numbers of their own first, so that 1 in place of 2 and 2 in place of 1 do not meet.
    constexpr int first_spare = 900;
    for (int i = 0; i < 3 && error == 0; ++i) {
        if (start.standard[i] < 0) continue;
        error = ::posix_spawn_file_actions_adddup2(&plan.actions, start.standard[i], first_spare + i);
    }
    for (int i = 0; i < 3 && error == 0; ++i) {
        if (start.standard[i] < 0) continue;
        error = ::posix_spawn_file_actions_adddup2(&plan.actions, first_spare + i, i);
        if (error == 0) error = ::posix_spawn_file_actions_addclose(&plan.actions, first_spare + i);
    }
    if (error == 0 && !start.folder.empty()) error = ::posix_spawn_file_actions_addchdir_np(&plan.actions, start.folder.c_str());
    if (error != 0) return error;
    sigset_t mask;
    ::sigemptyset(&mask);
    ::posix_spawnattr_setsigmask(&plan.attributes, &mask);
    ::posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETSIGMASK);
    const std::vector<char*> arguments = pointers_to(start.arguments);
    const std::vector<char*> environment = pointers_to(start.environment);
    pid_t child = -1;
    error = ::posix_spawn(&child, start.path.c_str(), &plan.actions, &plan.attributes, arguments.data(), environment.data());
    if (error == 0) *process_id = child;
    return error;
}

ProgramEnd wait_for_program(int process_id) {
    int status = 0;
    while (::waitpid(process_id, &status, 0) < 0) {
        if (errno != EINTR) return {.by_signal = false, .value = 0};  // the application has waited for it itself
    }
    if (WIFSIGNALED(status)) return {.by_signal = true, .value = WTERMSIG(status)};
    return {.by_signal = false, .value = WEXITSTATUS(status)};
}

void kill_program(int process_id) { ::kill(process_id, SIGKILL); }

bool is_executable_file(const std::string& path) {
    struct stat info;
    return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

bool is_folder(const std::string& path) {
    struct stat info;
    return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool process_exists(std::uint32_t process_id) { return ::kill(static_cast<pid_t>(process_id), 0) == 0 || errno == EPERM; }

}  // namespace pw::platform
