// SPDX-License-Identifier: Apache-2.0
// FindFirstFile and its kin: what a folder had in it when the search began, in the order of the names.
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "base/lock.h"
#include "platform/drive_folder.h"
#include "platform/host_folder.h"
#include "win32_api/dos_path.h"
#include "win32_api/file_facts.h"
#include "win32_api/name_pattern.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

struct Search {
    std::string folder;
    std::vector<std::string> names;
    std::size_t next = 0;
    bool folders_only = false;
    pw::Mutex lock{pw::LockRank::leaf};
};

// The searches that are not closed: a handle is the address of one.
class Searches {
public:
    static Searches& instance() {
        static Searches* const searches = new Searches;
        return *searches;
    }
    HANDLE add(std::shared_ptr<Search> search) {
        pw::MutexLock lock(lock_);
        all_.push_back(std::move(search));
        return all_.back().get();
    }
    std::shared_ptr<Search> find(HANDLE handle) {
        pw::MutexLock lock(lock_);
        const auto found = at_locked(handle);
        return found == all_.end() ? nullptr : *found;
    }
    bool remove(HANDLE handle) {
        pw::MutexLock lock(lock_);
        const auto found = at_locked(handle);
        if (found == all_.end()) return false;
        all_.erase(found);
        return true;
    }

private:
    std::vector<std::shared_ptr<Search>>::iterator at_locked(HANDLE handle) PW_REQUIRES(lock_) {
        return std::find_if(all_.begin(), all_.end(), [handle](const auto& search) { return search.get() == handle; });
    }

    pw::Mutex lock_{pw::LockRank::leaf};
    std::vector<std::shared_ptr<Search>> all_ PW_GUARDED_BY(lock_);
};

template <std::size_t Count, typename Char>
bool store_name(const std::basic_string<Char>& name, Char (&target)[Count]) {
    if (name.size() >= Count) return false;  // no room for the terminator
    name.copy(target, name.size());
    target[name.size()] = 0;
    return true;
}

// The next entry; false with ERROR_NO_MORE_FILES. Names that Windows' structure has no room for are left out, and so is what
// has gone since the search began.
BOOL give_next(Search& search, LPWIN32_FIND_DATAW data) {
    pw::MutexLock lock(search.lock);
    while (search.next < search.names.size()) {
        const std::string& name = search.names[search.next++];
        const auto info = pw::platform::query_host_path(search.folder + "/" + name);
        if (!info) continue;
        if (search.folders_only && info.value().kind != pw::platform::HostFileKind::directory) continue;
        WIN32_FIND_DATAW found{};
        store_facts(info.value(), &found);
        if (!store_name(widen(name), found.cFileName)) continue;
        *data = found;
        return TRUE;
    }
    return fail(ERROR_NO_MORE_FILES);
}

void to_narrow(const WIN32_FIND_DATAW& wide, LPWIN32_FIND_DATAA data) {
    std::memcpy(data, &wide, offsetof(WIN32_FIND_DATAA, cFileName));
    data->cAlternateFileName[0] = 0;
    std::string name = narrow(wide.cFileName);
    if (name.size() >= MAX_PATH) name.resize(MAX_PATH - 1);
    static_cast<void>(store_name(name, data->cFileName));
}

HANDLE refuse(LONG error) {
    fail(error);
    return INVALID_HANDLE_VALUE;
}

bool is_drive_root(const std::string& folder) { return folder.empty() || folder == pw::platform::drive_c_folder(); }

HANDLE start_search(LPCWSTR name, LPWIN32_FIND_DATAW data, bool folders_only) {
    if (name == nullptr || *name == 0) return refuse(ERROR_PATH_NOT_FOUND);
    const std::optional<std::string> path = host_path_of(name);
    if (!path) return INVALID_HANDLE_VALUE;
    // "A trailing backslash is not allowed": it leaves nothing to look for.
    const std::size_t slash = path->find_last_of('/');
    if (slash == std::string::npos || slash + 1 == path->size()) return refuse(ERROR_FILE_NOT_FOUND);
    auto search = std::make_shared<Search>();
    search->folder = path->substr(0, slash);
    search->folders_only = folders_only;
    const std::u16string pattern = widen(path->substr(slash + 1));
    const bool on_drive_c = pw::platform::is_on_drive_c(*path);
    auto names = pw::platform::list_host_folder(search->folder + "/");
    if (!names) {
        const NTSTATUS status = names.status().code();
        if (status == STATUS_OBJECT_NAME_NOT_FOUND) return refuse(ERROR_PATH_NOT_FOUND);
        set_last_status(status);
        return INVALID_HANDLE_VALUE;
    }
    std::vector<std::string> all = std::move(names.value());
    if (has_wildcards(pattern) && !is_drive_root(search->folder)) all.insert(all.begin(), {".", ".."});
    std::copy_if(all.begin(), all.end(), std::back_inserter(search->names),
                 [&](const std::string& entry) { return matches_pattern(pattern, widen(entry), on_drive_c); });
    if (!give_next(*search, data)) return refuse(ERROR_FILE_NOT_FOUND);
    return Searches::instance().add(std::move(search));
}

}  // namespace

HANDLE WINAPI FindFirstFileExW(LPCWSTR name, FINDEX_INFO_LEVELS level, LPVOID data, FINDEX_SEARCH_OPS operation, LPVOID filter,
                               DWORD flags) {
    constexpr DWORD known_flags = FIND_FIRST_EX_CASE_SENSITIVE | FIND_FIRST_EX_LARGE_FETCH | FIND_FIRST_EX_ON_DISK_ENTRIES_ONLY;
    const bool is_valid = level < FindExInfoMaxInfoLevel && operation <= FindExSearchLimitToDirectories && filter == nullptr &&
                          (flags & ~known_flags) == 0 && data != nullptr;
    if (!is_valid) return refuse(ERROR_INVALID_PARAMETER);
    return start_search(name, static_cast<LPWIN32_FIND_DATAW>(data), operation == FindExSearchLimitToDirectories);
}

HANDLE WINAPI FindFirstFileExA(LPCSTR name, FINDEX_INFO_LEVELS level, LPVOID data, FINDEX_SEARCH_OPS operation, LPVOID filter,
                               DWORD flags) {
    if (data == nullptr) return refuse(ERROR_INVALID_PARAMETER);
    WIN32_FIND_DATAW wide{};
    const HANDLE search = FindFirstFileExW(WideArgument(name), level, &wide, operation, filter, flags);
    if (search != INVALID_HANDLE_VALUE) to_narrow(wide, static_cast<LPWIN32_FIND_DATAA>(data));
    return search;
}

HANDLE WINAPI FindFirstFileW(LPCWSTR name, LPWIN32_FIND_DATAW data) {
    return FindFirstFileExW(name, FindExInfoStandard, data, FindExSearchNameMatch, nullptr, 0);
}

HANDLE WINAPI FindFirstFileA(LPCSTR name, LPWIN32_FIND_DATAA data) {
    return FindFirstFileExA(name, FindExInfoStandard, data, FindExSearchNameMatch, nullptr, 0);
}

BOOL WINAPI FindNextFileW(HANDLE handle, LPWIN32_FIND_DATAW data) {
    const auto search = Searches::instance().find(handle);
    return search ? give_next(*search, data) : fail(ERROR_INVALID_HANDLE);
}

BOOL WINAPI FindNextFileA(HANDLE handle, LPWIN32_FIND_DATAA data) {
    WIN32_FIND_DATAW wide{};
    if (!FindNextFileW(handle, &wide)) return FALSE;
    to_narrow(wide, data);
    return TRUE;
}

BOOL WINAPI FindClose(HANDLE handle) { return Searches::instance().remove(handle) ? TRUE : fail(ERROR_INVALID_HANDLE); }
