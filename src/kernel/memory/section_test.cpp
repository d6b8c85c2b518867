// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/section.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "kernel/memory/file_segments.h"
#include "kernel/memory/memory_test_support.h"
#include "platform/host_file.h"
#include "platform/section_file.h"

namespace pw::mm {
namespace {

constexpr std::uint64_t mib = std::uint64_t{1} << 20;

// A file of the test's own, gone with it.
class TemporaryFile {
public:
    explicit TemporaryFile(std::uint64_t bytes) {
        char name[] = "/tmp/pw-section-test-XXXXXX";
        descriptor_ = mkstemp(name);
        EXPECT_GE(descriptor_, 0);
        path_ = name;
        set_length(bytes);
    }
    ~TemporaryFile() {
        close(descriptor_);
        unlink(path_.c_str());
    }
    void set_length(std::uint64_t bytes) {
        EXPECT_TRUE(platform::set_host_file_length(descriptor_, bytes).is_success());
    }
    void write(std::uint64_t offset, const char* text) {
        EXPECT_TRUE(platform::write_host_file(descriptor_, text, std::strlen(text), static_cast<std::int64_t>(offset)).is_ok());
    }
    std::string read(std::uint64_t offset, std::size_t bytes) {
        std::string text(bytes, '\0');
        EXPECT_TRUE(platform::read_host_file(descriptor_, text.data(), bytes, static_cast<std::int64_t>(offset)).is_ok());
        return text;
    }
    [[nodiscard]] int descriptor() const { return descriptor_; }
    [[nodiscard]] int open_again(int flags) const { return open(path_.c_str(), flags | O_CLOEXEC); }
    [[nodiscard]] std::uint64_t length() const { return platform::query_host_file(descriptor_)->size_bytes; }

private:
    int descriptor_ = -1;
    std::string path_;
};

class SectionTest : public MemoryTest {
protected:
    Ref<SectionCore> reserved(std::uint64_t bytes) {
        auto created = SectionCore::create(*manager, {bytes, PAGE_READWRITE, SEC_RESERVE});
        EXPECT_TRUE(created.is_ok());
        return *created;
    }
    Result<Ref<SectionCore>> over(const TemporaryFile& file, std::uint64_t bytes = 0, std::uint32_t protection = PAGE_READWRITE) {
        return SectionCore::create_file_backed(*manager, {bytes, protection, SEC_COMMIT}, file.descriptor());
    }
    static Status commit(AddressSpace& space, std::uint64_t address, std::uint64_t bytes, std::uint32_t protection = PAGE_READWRITE) {
        return space.allocate(&address, &bytes, MEM_COMMIT, protection);
    }
};

TEST_F(SectionTest, CommitsAReservedSectionForAllItsViews) {
    AddressSpace& space = make_app();
    AddressSpace& elsewhere = make_other();
    const std::uint64_t charged = manager->commit_limit().charged_pages();
    Ref<SectionCore> core = reserved(mib);
    EXPECT_EQ(manager->commit_limit().charged_pages(), charged);
    const View a = core->map_view(&space, {.protection = PAGE_READWRITE}).value();
    const View b = core->map_view(&elsewhere, {.offset_bytes = 0x10000, .protection = PAGE_READONLY}).value();
    EXPECT_FALSE(platform::is_accessible(a.base, 1, false));
    EXPECT_EQ(space.query(a.base)->state, static_cast<std::uint32_t>(MEM_RESERVE));
    EXPECT_EQ(space.query(a.base)->type, static_cast<std::uint32_t>(MEM_MAPPED));

    ASSERT_TRUE(commit(space, a.base + 0x11000, 0x2000).is_success());
    EXPECT_EQ(manager->commit_limit().charged_pages(), charged + 2);
    *bytes_at(a.base + 0x11000) = 'x';
    EXPECT_EQ(*bytes_at(b.base + 0x1000), 'x');
    EXPECT_FALSE(platform::is_accessible(b.base + 0x1000, 1, true));  // with the view's own protection
    EXPECT_FALSE(platform::is_accessible(b.base + 0x3000, 1, false));
    EXPECT_EQ(elsewhere.query(b.base + 0x1000)->region_bytes, 0x2000u);
    EXPECT_EQ(elsewhere.query(b.base + 0x1000)->protection, static_cast<std::uint32_t>(PAGE_READONLY));

    // A view that comes later finds them, too; committing again is no error and costs nothing.
    const View c = core->map_view(&elsewhere, {.protection = PAGE_READWRITE}).value();
    EXPECT_EQ(*bytes_at(c.base + 0x11000), 'x');
    ASSERT_TRUE(commit(elsewhere, c.base + 0x10000, 0x3000).is_success());
    EXPECT_EQ(*bytes_at(a.base + 0x11000), 'x');
    EXPECT_EQ(manager->commit_limit().charged_pages(), charged + 3);
    EXPECT_EQ(commit(elsewhere, b.base, 0x1000, PAGE_READWRITE), Status(STATUS_SECTION_PROTECTION));
    // What was committed stays: "the pages cannot be freed or decommitted".
    std::uint64_t address = a.base + 0x11000;
    std::uint64_t bytes = 0x1000;
    EXPECT_EQ(space.free(&address, &bytes, MEM_DECOMMIT), Status(STATUS_UNABLE_TO_DELETE_SECTION));

    core.reset();
    for (const std::uint64_t base : {b.base, c.base}) {
        EXPECT_TRUE(SectionCore::unmap_view(*manager, &elsewhere, base).is_success());
    }
    EXPECT_EQ(manager->commit_limit().charged_pages(), charged + 3);  // a view is left
    EXPECT_TRUE(SectionCore::unmap_view(*manager, &space, a.base).is_success());
    EXPECT_EQ(manager->commit_limit().charged_pages(), charged);
}

TEST_F(SectionTest, TellsARemoteProcessOfPagesThatAnotherOneCommits) {
    AddressSpace& space = make_app();
    AddressSpace& far = make_remote();
    Ref<SectionCore> core = reserved(mib);
    const View here = core->map_view(&space, {.protection = PAGE_READWRITE}).value();
    const View there = core->map_view(&far, {.protection = PAGE_READWRITE}).value();
    EXPECT_EQ(remote_client.maps, 0);
    ASSERT_TRUE(commit(space, here.base, 0x4000).is_success());
    EXPECT_EQ(remote_client.maps, 1);
    *bytes_at(here.base) = 'r';
    ASSERT_TRUE(far.resolve_fault(there.base, false));
    EXPECT_EQ(*bytes_at(there.base), 'r');
    ASSERT_TRUE(SectionCore::unmap_view(*manager, &far, there.base).is_success());
    ASSERT_TRUE(SectionCore::unmap_view(*manager, &space, here.base).is_success());
}

TEST_F(SectionTest, ReservesATerabyteAndShowsWindowsOfIt) {
    AddressSpace& space = make_app();
    constexpr std::uint64_t tib = std::uint64_t{1} << 40;
    Ref<SectionCore> core = reserved(tib);
    const View whole = core->map_view(&space, {.protection = PAGE_READWRITE}).value();
    EXPECT_EQ(whole.length_bytes, tib);
    ASSERT_TRUE(SectionCore::unmap_view(*manager, &space, whole.base).is_success());
    const View last = core->map_view(&space, {.offset_bytes = tib - mib, .protection = PAGE_READWRITE}).value();
    const View again = core->map_view(&space, {.offset_bytes = tib - mib, .view_bytes = 0x10000, .protection = PAGE_READONLY}).value();
    ASSERT_TRUE(commit(space, last.base, 0x1000).is_success());
    *bytes_at(last.base) = 'z';
    EXPECT_EQ(*bytes_at(again.base), 'z');
    // Such a page can be locked like any other.
    MDL* const mdl = manager->mdls().allocate(last.base, 0x1000);
    ASSERT_TRUE(manager->mdls().probe_and_lock(mdl, UserMode, IoReadAccess, &space).is_success());
    EXPECT_EQ(*static_cast<char*>(manager->mdls().system_address(mdl, NormalPagePriority)), 'z');
    manager->mdls().unlock(mdl, true);
    manager->mdls().free(mdl);
    EXPECT_EQ(SectionCore::create(*manager, {tib + 1, PAGE_READWRITE, SEC_RESERVE}).status(), Status(STATUS_SECTION_TOO_BIG));
    EXPECT_EQ(SectionCore::create(*manager, {tib, PAGE_READWRITE, SEC_COMMIT}).status(), Status(STATUS_COMMITMENT_LIMIT));
    for (const std::uint64_t base : {last.base, again.base}) {
        ASSERT_TRUE(SectionCore::unmap_view(*manager, &space, base).is_success());
    }
}

TEST_F(SectionTest, ChecksTheAttributes) {
    const auto with = [this](std::uint32_t attributes) {
        return SectionCore::create(*manager, {0x1000, PAGE_READWRITE, attributes}).status();
    };
    EXPECT_EQ(with(0), Status(STATUS_INVALID_PARAMETER_6));
    EXPECT_EQ(with(SEC_COMMIT | SEC_RESERVE), Status(STATUS_INVALID_PARAMETER_6));
    EXPECT_EQ(with(SEC_COMMIT | 0x1), Status(STATUS_INVALID_PARAMETER_6));
    EXPECT_EQ(with(SEC_COMMIT | SEC_NOCACHE | SEC_WRITECOMBINE), Status(STATUS_INVALID_PARAMETER_6));
    EXPECT_TRUE(with(SEC_COMMIT | SEC_NOCACHE).is_success());
    EXPECT_TRUE(with(SEC_RESERVE | SEC_WRITECOMBINE).is_success());
    EXPECT_EQ(with(SEC_COMMIT | SEC_LARGE_PAGES), Status(STATUS_PRIVILEGE_NOT_HELD));
    EXPECT_EQ(with(SEC_RESERVE | SEC_LARGE_PAGES), Status(STATUS_INVALID_PARAMETER_6));
    EXPECT_EQ(with(SEC_IMAGE), Status(STATUS_INVALID_FILE_FOR_SECTION));
    EXPECT_EQ(with(SEC_COMMIT | SEC_BASED), Status(STATUS_NOT_SUPPORTED));
    const TemporaryFile file(0x1000);
    EXPECT_EQ(SectionCore::create_file_backed(*manager, {0, PAGE_READONLY, SEC_IMAGE}, file.descriptor()).status(),
              Status(STATUS_INVALID_IMAGE_FORMAT));
}

TEST_F(SectionTest, LimitsProtectionToWhatTheViewWasMappedWith) {
    AddressSpace& space = make_app();
    auto core = SectionCore::create(*manager, {0x10000, PAGE_READWRITE, SEC_COMMIT}).value();
    const View view = core->map_view(&space, {.protection = PAGE_READONLY}).value();
    EXPECT_EQ(space.protect(view.base, 0x1000, PAGE_READWRITE, nullptr), Status(STATUS_SECTION_PROTECTION));
    EXPECT_TRUE(space.protect(view.base, 0x1000, PAGE_NOACCESS, nullptr).is_success());
    EXPECT_TRUE(space.protect(view.base, 0x1000, PAGE_READONLY, nullptr).is_success());
    // A section that is copied on write has no writable views.
    auto copied = SectionCore::create(*manager, {0x10000, PAGE_WRITECOPY, SEC_COMMIT}).value();
    EXPECT_EQ(copied->map_view(&space, {.protection = PAGE_READWRITE}).status(), Status(STATUS_SECTION_PROTECTION));
    const View own = copied->map_view(&space, {.protection = PAGE_WRITECOPY}).value();
    const View seen = copied->map_view(&space, {.protection = PAGE_READONLY}).value();
    *bytes_at(own.base) = 'c';
    EXPECT_EQ(*bytes_at(seen.base), 0);
    for (const std::uint64_t base : {view.base, own.base, seen.base}) {
        ASSERT_TRUE(SectionCore::unmap_view(*manager, &space, base).is_success());
    }
}

TEST_F(SectionTest, ShowsAFileAndWritesItBack) {
    AddressSpace& space = make_app();
    TemporaryFile file(0x12345);
    file.write(0x10000, "on the disk");
    auto core = over(file).value();
    EXPECT_EQ(core->size_bytes(), 0x12345u);
    const View view = core->map_view(&space, {.offset_bytes = 0x10000, .protection = PAGE_READWRITE}).value();
    EXPECT_EQ(view.length_bytes, 0x3000u);
    EXPECT_STREQ(bytes_at(view.base), "on the disk");
    std::strcpy(bytes_at(view.base), "by the view");
    std::uint64_t address = view.base;
    std::uint64_t bytes = 0;
    ASSERT_TRUE(space.flush(&address, &bytes).is_success());
    EXPECT_EQ(bytes, 0x3000u);
    EXPECT_EQ(file.read(0x10000, 11), "by the view");
    // Its own copy never reaches the file.
    const View copy = core->map_view(&space, {.offset_bytes = 0x10000, .protection = PAGE_WRITECOPY}).value();
    std::strcpy(bytes_at(copy.base), "my own copy");
    EXPECT_STREQ(bytes_at(view.base), "by the view");
    // A second section of the file shares the segment, and so the frames.
    auto second = over(file, 0x1000).value();
    const View other_view = second->map_view(nullptr, {.protection = PAGE_READWRITE}).value();
    const View first_page = core->map_view(nullptr, {.view_bytes = 0x1000, .protection = PAGE_READWRITE}).value();
    EXPECT_EQ(manager->frame_of_system_address(other_view.base), manager->frame_of_system_address(first_page.base));
    for (const std::uint64_t base : {other_view.base, first_page.base}) {
        ASSERT_TRUE(SectionCore::unmap_view(*manager, nullptr, base).is_success());
    }
    for (const std::uint64_t base : {view.base, copy.base}) {
        ASSERT_TRUE(SectionCore::unmap_view(*manager, &space, base).is_success());
    }
}

TEST_F(SectionTest, ExtendsAFileThatItMayWrite) {
    TemporaryFile file(0x1000);
    EXPECT_EQ(over(file, 0x8000, PAGE_READONLY).status(), Status(STATUS_SECTION_TOO_BIG));
    EXPECT_EQ(over(file, 0x8000, PAGE_WRITECOPY).status(), Status(STATUS_SECTION_TOO_BIG));
    EXPECT_EQ(file.length(), 0x1000u);
    auto core = over(file, 0x8000).value();
    EXPECT_EQ(file.length(), 0x8000u);
    EXPECT_EQ(core->extend(0x4000).value(), 0x8000u);
    EXPECT_EQ(core->extend(0x18000).value(), 0x18000u);
    EXPECT_EQ(file.length(), 0x18000u);
    AddressSpace& space = make_app();
    const View view = core->map_view(&space, {.offset_bytes = 0x10000, .protection = PAGE_READWRITE}).value();
    *bytes_at(view.base + 0x7fff) = 'e';
    EXPECT_EQ(file.read(0x17fff, 1), "e");
    ASSERT_TRUE(SectionCore::unmap_view(*manager, &space, view.base).is_success());
    EXPECT_EQ(reserved(0x10000)->extend(0x20000).status(), Status(STATUS_SECTION_NOT_EXTENDED));
}

TEST_F(SectionTest, RefusesWhatIsNoFileOrNotOpenEnough) {
    const TemporaryFile empty(0);
    EXPECT_EQ(over(empty).status(), Status(STATUS_MAPPED_FILE_SIZE_ZERO));
    const TemporaryFile file(0x1000);
    const auto with = [this](int descriptor, std::uint32_t protection) {
        const auto created = SectionCore::create_file_backed(*manager, {0, protection, SEC_COMMIT}, descriptor);
        close(descriptor);
        return created.status();
    };
    EXPECT_EQ(with(file.open_again(O_RDONLY), PAGE_READWRITE), Status(STATUS_ACCESS_DENIED));
    EXPECT_TRUE(with(file.open_again(O_RDONLY), PAGE_READONLY).is_success());
    EXPECT_TRUE(with(file.open_again(O_RDONLY), PAGE_WRITECOPY).is_success());
    EXPECT_EQ(with(file.open_again(O_WRONLY), PAGE_READWRITE), Status(STATUS_ACCESS_DENIED));
    EXPECT_EQ(with(file.open_again(O_PATH), PAGE_READONLY), Status(STATUS_INVALID_FILE_FOR_SECTION));
    EXPECT_EQ(with(open("/tmp", O_RDONLY | O_DIRECTORY), PAGE_READONLY), Status(STATUS_INVALID_FILE_FOR_SECTION));
    EXPECT_EQ(with(open("/dev/null", O_RDWR), PAGE_READWRITE), Status(STATUS_INVALID_FILE_FOR_SECTION));
    EXPECT_EQ(SectionCore::create_file_backed(*manager, {0, PAGE_READONLY, SEC_COMMIT}, -1).status(), Status(STATUS_INVALID_HANDLE));
}

TEST_F(SectionTest, KnowsWhichFilesAreMapped) {
    const TemporaryFile file(0x1000);
    const platform::FileIdentity identity = platform::inspect_section_file(file.descriptor())->identity;
    EXPECT_FALSE(manager->file_segments().is_mapped(identity));
    AddressSpace& space = make_app();
    Ref<SectionCore> core = over(file).value();
    const View view = core->map_view(&space, {.protection = PAGE_READONLY}).value();
    core.reset();
    EXPECT_TRUE(manager->file_segments().is_mapped(identity));
    ASSERT_TRUE(SectionCore::unmap_view(*manager, &space, view.base).is_success());
    EXPECT_FALSE(manager->file_segments().is_mapped(identity));
}

TEST_F(SectionTest, SurvivesATruncatedFile) {
    AddressSpace& space = make_app();
    TemporaryFile file(0x4000);
    file.write(0x3000, "end");
    auto core = over(file).value();
    const View view = core->map_view(&space, {.protection = PAGE_READWRITE}).value();
    MDL* const mdl = manager->mdls().allocate(view.base + 0x3000, 0x1000);
    ASSERT_TRUE(manager->mdls().probe_and_lock(mdl, UserMode, IoWriteAccess, &space).is_success());
    auto* const locked = static_cast<char*>(manager->mdls().system_address(mdl, NormalPagePriority));
    EXPECT_STREQ(locked, "end");
    file.set_length(0x1000);

    // The kernel's own copies end with a status.
    char byte = 0;
    // A page that nobody locked: an exception would be raised, so nothing is put in.
    EXPECT_FALSE(manager->on_lost_page(view.base + 0x2000, false));
    // The locked one must stay readable: zeros, said once.
    ASSERT_TRUE(manager->on_lost_page(reinterpret_cast<std::uint64_t>(locked), false));
    EXPECT_EQ(locked[0], 0);
    EXPECT_EQ(diagnostics.reports.size(), 1u);
    manager->mdls().unlock(mdl, true);
    EXPECT_EQ(manager->user_memory().copy_from_user(space, &byte, view.base + 0x2000, 1), Status(STATUS_IN_PAGE_ERROR));
    EXPECT_TRUE(manager->user_memory().copy_from_user(space, &byte, view.base, 1).is_success());
    // Locking finds out before a DPC does.
    MDL* const late = manager->mdls().allocate(view.base + 0x2000, 0x1000);
    EXPECT_EQ(manager->mdls().probe_and_lock(late, UserMode, IoReadAccess, &space), Status(STATUS_IN_PAGE_ERROR));
    for (MDL* const each : {mdl, late}) manager->mdls().free(each);
    // At raised IRQL the system's own view gets its zero page, too.
    const View system = core->map_view(nullptr, {.protection = PAGE_READWRITE}).value();
    EXPECT_FALSE(manager->on_lost_page(system.base + 0x2000, false));
    EXPECT_TRUE(manager->on_lost_page(system.base + 0x2000, true));
    EXPECT_EQ(*bytes_at(system.base + 0x2000), 0);
    ASSERT_TRUE(SectionCore::unmap_view(*manager, nullptr, system.base).is_success());
    ASSERT_TRUE(SectionCore::unmap_view(*manager, &space, view.base).is_success());
}

TEST_F(SectionTest, LocksPagesOfAProcess) {
    AddressSpace& space = make_app();
    const std::uint64_t base = allocate(space, 0x4000);
    const auto lock = [&space](std::uint64_t address, std::uint64_t bytes) { return space.lock_pages(&address, &bytes); };
    const auto unlock = [&space](std::uint64_t address, std::uint64_t bytes) { return space.unlock_pages(&address, &bytes); };
    EXPECT_EQ(unlock(base, 1), Status(STATUS_NOT_LOCKED));
    EXPECT_EQ(lock(base + 0xfff, 2), Status(STATUS_SUCCESS));
    EXPECT_EQ(lock(base, 0x3000), Status(STATUS_WAS_LOCKED));
    EXPECT_EQ(unlock(base, 0x4000), Status(STATUS_NOT_LOCKED));
    EXPECT_TRUE(unlock(base, 0x3000).is_success());  // locks do not count up
    EXPECT_EQ(lock(base, 0x5000), Status(STATUS_ACCESS_VIOLATION));
    ASSERT_TRUE(space.protect(base, 0x1000, PAGE_NOACCESS, nullptr).is_success());
    EXPECT_EQ(lock(base, 1), Status(STATUS_ACCESS_VIOLATION));
    EXPECT_EQ(lock(base, std::uint64_t{1} << 30), Status(STATUS_WORKING_SET_QUOTA));
    EXPECT_EQ(lock(base, 0), Status(STATUS_INVALID_PARAMETER));
    // Locks go with the memory.
    ASSERT_TRUE(lock(base + 0x1000, 0x1000).is_success());
    std::uint64_t address = base;
    std::uint64_t bytes = 0;
    ASSERT_TRUE(space.free(&address, &bytes, MEM_RELEASE).is_success());
    EXPECT_EQ(unlock(base + 0x1000, 0x1000), Status(STATUS_NOT_LOCKED));
}

}  // namespace
}  // namespace pw::mm
