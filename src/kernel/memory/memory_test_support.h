// SPDX-License-Identifier: Apache-2.0
// What the tests of the memory room share: a manager, recorded diagnostics, an embedded and a pretended remote process.
#pragma once

#include <gtest/gtest.h>
#include <ntstatus.h>
#include <pw_memory.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "kernel/memory/memory_manager.h"

namespace pw::mm {

class RecordedDiagnostics final : public Diagnostics {
public:
    struct BugCheck {
        std::uint32_t code;
        std::uint64_t p1;
    };
    void bug_check(std::uint32_t code, std::uint64_t p1, std::uint64_t, std::uint64_t, std::uint64_t) override {
        bug_checks.push_back({code, p1});
    }
    void report(const char* text) override { reports.emplace_back(text); }
    std::vector<BugCheck> bug_checks;
    std::vector<std::string> reports;
};

// A process that lives elsewhere, as far as the kernel can tell: its own mappings are only counted.
class RecordedRemoteClient final : public MappingClient {
public:
    Status map(std::uint64_t, std::uint64_t, platform::PageAccess, bool, Segment&, std::uint64_t) override {
        ++maps;
        return {};
    }
    bool unmap(std::uint64_t, std::uint64_t) override {
        ++unmaps;
        return false;
    }
    Status protect(std::uint64_t, std::uint64_t, platform::PageAccess access) override {
        ++protects;
        last_access = access;
        return {};
    }
    [[nodiscard]] std::uint64_t reserved_bytes() const override { return reserved; }
    void note_guard_pages() override { ++guard_notes; }
    [[nodiscard]] bool is_embedded() const override { return false; }
    int maps = 0;
    int unmaps = 0;
    int protects = 0;
    int guard_notes = 0;
    platform::PageAccess last_access = platform::PageAccess::none;
    std::uint64_t reserved = ~std::uint64_t{0};
};

// Its foreign memory is a buffer of the test.
class RecordedClientMemory final : public ClientMemory {
public:
    static constexpr std::uint64_t base = 0x7000'1000;
    Status check(std::uint64_t address, std::size_t length, platform::PageAccess wanted) override {
        const bool inside = address >= base && address + length <= base + sizeof(bytes);
        const bool allowed = writable || !platform::allows(wanted, platform::PageAccess::write);
        return inside && allowed ? Status() : Status(STATUS_ACCESS_VIOLATION);
    }
    Result<platform::MapsRegion> region(std::uint64_t address) override {
        platform::MapsRegion found;
        found.is_mapped = address >= base && address < base + sizeof(bytes);
        found.begin = found.file_begin = found.is_mapped ? base : 0;
        found.end = found.is_mapped ? base + sizeof(bytes) : base;
        found.access = found.is_mapped ? platform::PageAccess::read_write : platform::PageAccess::none;
        return found;
    }
    Status read(void* destination, std::uint64_t source, std::size_t length) override {
        std::memcpy(destination, bytes + (source - base), length);
        return {};
    }
    Status write(std::uint64_t destination, const void* source, std::size_t length) override {
        std::memcpy(bytes + (destination - base), source, length);
        return {};
    }
    char bytes[16384] = {};
    bool writable = true;
};

class MemoryTest : public ::testing::Test {
protected:
    void SetUp() override { start({}); }
    void start(const MemoryOptions& options) {
        manager = nullptr;
        auto created = MemoryManager::create(options, diagnostics);
        ASSERT_TRUE(created.is_ok()) << std::hex << created.status().code();
        manager = std::move(*created);
    }
    void TearDown() override {
        for (int* process : {&app_process, &other_process, &remote_process}) {
            if (manager) manager->forget_process(process, [this](const std::string& text) { leftovers.push_back(text); });
        }
        app.reset();
        other.reset();
        remote.reset();
        if (!manager) return;
        manager = nullptr;
    }
    Ref<AddressSpace> embedded(int* process, std::uint32_t domain = 1000) {
        auto space = manager->create_address_space({.process = process, .client = &embedded_client, .trust_domain = domain});
        EXPECT_TRUE(space.is_ok());
        return *space;
    }
    AddressSpace& make_app() {
        app = embedded(&app_process);
        return *app;
    }
    AddressSpace& make_other(std::uint32_t domain = 1000) {
        other = embedded(&other_process, domain);
        return *other;
    }
    AddressSpace& make_remote() {
        auto space = manager->create_address_space({.process = &remote_process,
                                                    .client = &remote_client,
                                                    .client_memory = &remote_memory,
                                                    .trust_domain = 1000});
        EXPECT_TRUE(space.is_ok());
        remote = *space;
        return *remote;
    }
    // VirtualAlloc(NULL, bytes, MEM_RESERVE | MEM_COMMIT, protection).
    static std::uint64_t allocate(AddressSpace& space, std::uint64_t bytes, std::uint32_t protection = PAGE_READWRITE) {
        std::uint64_t address = 0;
        EXPECT_TRUE(space.allocate(&address, &bytes, MEM_RESERVE | MEM_COMMIT, protection).is_success());
        return address;
    }
    static char* bytes_at(std::uint64_t address) { return reinterpret_cast<char*>(address); }
    void* pool_block(std::size_t bytes) { return manager->pool().allocate(bytes, 0x74736554, 0, PoolFill::pattern); }

    RecordedDiagnostics diagnostics;
    EmbeddedMappingClient embedded_client;
    RecordedRemoteClient remote_client;
    RecordedClientMemory remote_memory;
    std::unique_ptr<MemoryManager> manager;
    int app_process = 0;
    int other_process = 0;
    int remote_process = 0;
    Ref<AddressSpace> app;
    Ref<AddressSpace> other;
    Ref<AddressSpace> remote;
    std::vector<std::string> leftovers;
};

}  // namespace pw::mm
