// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/resource.h"

#include <random>
#include <vector>

#include "kernel/dispatcher/dispatcher_test_support.h"

namespace pw::ke {
namespace {

using namespace test;

struct Resource : ERESOURCE {
    Resource() { initialize_resource(*this).ignore(); }
    ~Resource() { delete_resource(*this).ignore(); }
};

bool shared(ERESOURCE& resource, bool wait = false) { return acquire_resource_shared(resource, wait, SharedPolicy::fair); }

TEST(ExecutiveResource, IsRecursiveInBothModes) {
    World world;
    Resource resource;
    EXPECT_TRUE(acquire_resource_exclusive(resource, false));
    EXPECT_TRUE(acquire_resource_exclusive(resource, false));
    EXPECT_TRUE(shared(resource));  // an exclusive owner may acquire shared
    EXPECT_TRUE(is_resource_exclusive(resource));
    EXPECT_EQ(resource_hold_count(resource), 3u);
    EXPECT_NE(resource.Flag & ResourceOwnedExclusive, 0);
    KernelThread other(world, [&] {
        EXPECT_FALSE(shared(resource));
        EXPECT_FALSE(acquire_resource_exclusive(resource, false));
        EXPECT_EQ(resource_hold_count(resource), 0u);
    });
    other.join();
    for (int i = 0; i < 3; ++i) release_resource(resource);
    EXPECT_FALSE(is_resource_exclusive(resource));
    EXPECT_EQ(resource.ActiveEntries, 0u);
    EXPECT_TRUE(shared(resource));
    EXPECT_TRUE(shared(resource));
    EXPECT_EQ(resource_hold_count(resource), 2u);
    EXPECT_FALSE(acquire_resource_exclusive(resource, false));
    release_resource(resource);
    release_resource(resource);
}

TEST(ExecutiveResource, TakesManySharedOwners) {
    World world;
    Resource resource;
    std::atomic<int> inside{0};
    std::atomic<bool> leave{false};
    std::vector<std::unique_ptr<KernelThread>> threads;
    for (int i = 0; i < 9; ++i) {
        threads.push_back(std::make_unique<KernelThread>(world, [&] {
            EXPECT_TRUE(shared(resource));
            ++inside;
            yield_until([&] { return leave.load(); });
            release_resource(resource);
        }));
    }
    yield_until([&] { return inside.load() == 9; });
    EXPECT_EQ(resource.ActiveEntries, 9u);
    leave = true;
    threads.clear();
    EXPECT_EQ(resource.ActiveEntries, 0u);
    EXPECT_TRUE(acquire_resource_exclusive(resource, false));
    release_resource(resource);
}

TEST(ExecutiveResource, SharedAcquiresYieldToExclusiveWaitersByTheirPolicy) {
    World world;
    Resource resource;
    EXPECT_TRUE(shared(resource));
    KernelThread writer(world, [&] {
        EXPECT_TRUE(acquire_resource_exclusive(resource, true));
        release_resource(resource);
    });
    yield_until([&] { return writer.thread().is_waiting(); });
    EXPECT_EQ(resource_exclusive_waiters(resource), 1u);
    EXPECT_TRUE(shared(resource));  // an owner already
    EXPECT_FALSE(acquire_resource_shared(resource, false, SharedPolicy::wait_for_exclusive));
    KernelThread reader(world, [&] {
        EXPECT_FALSE(shared(resource));
        EXPECT_TRUE(acquire_resource_shared(resource, false, SharedPolicy::starve_exclusive));
        release_resource(resource);
    });
    reader.join();
    release_resource(resource);
    EXPECT_TRUE(writer.thread().is_waiting());
    release_resource(resource);
    writer.join();
    EXPECT_EQ(resource.ContentionCount, 1u);
}

TEST(ExecutiveResource, AfterAnExclusiveOwnerTheSharedWaitersComeFirst) {
    World world;
    Resource resource;
    EXPECT_TRUE(acquire_resource_exclusive(resource, false));
    std::atomic<int> readers{0};
    KernelThread writer(world, [&] {
        EXPECT_TRUE(acquire_resource_exclusive(resource, true));
        EXPECT_EQ(readers.load(), 2);
        release_resource(resource);
    });
    yield_until([&] { return writer.thread().is_waiting(); });
    const auto read = [&] {
        EXPECT_TRUE(shared(resource, true));
        ++readers;
        release_resource(resource);
    };
    KernelThread first(world, read);
    KernelThread second(world, read);
    yield_until([&] { return resource_shared_waiters(resource) == 2; });
    release_resource(resource);
    writer.join();
}

TEST(ExecutiveResource, ConvertingToSharedAdmitsTheSharedWaiters) {
    World world;
    Resource resource;
    EXPECT_TRUE(acquire_resource_exclusive(resource, false));
    KernelThread reader(world, [&] {
        EXPECT_TRUE(shared(resource, true));
        release_resource(resource);
    });
    yield_until([&] { return reader.thread().is_waiting(); });
    convert_resource_to_shared(resource);
    reader.join();
    EXPECT_FALSE(is_resource_exclusive(resource));
    EXPECT_EQ(resource_hold_count(resource), 1u);
    release_resource(resource);
}

TEST(ExecutiveResource, AnotherThreadReleasesWhatWasGivenToAnOwnerPointer) {
    World world;
    Resource resource;
    void* owner = reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(&resource) | 3);
    EXPECT_TRUE(shared(resource));
    set_resource_owner(resource, owner);
    EXPECT_EQ(resource_hold_count(resource), 0u);
    KernelThread other(world, [&] { release_resource_for(resource, reinterpret_cast<ERESOURCE_THREAD>(owner)); });
    other.join();
    EXPECT_EQ(resource.ActiveEntries, 0u);
}

TEST(ExecutiveResourceDeathTest, ReleasingWhatIsNotOwnedIsABugCheck) {
    PW_EXPECT_BUG_CHECK(
        {
            World world;
            Resource resource;
            release_resource(resource);
        },
        "RESOURCE_NOT_OWNED");
}

TEST(ExecutiveResourceStress, ReadersAndWritersExclude) {
    World world;
    Resource resource;
    long value = 0;
    run_threads(world, 5, 300, 7, [&](std::mt19937& random) {
        if (random() % 3 == 0) {
            EXPECT_TRUE(acquire_resource_exclusive(resource, true));
            ++value;
            if (random() % 16 == 0) platform::yield_thread();
            --value;
            if (random() % 4 == 0) convert_resource_to_shared(resource);
        } else {
            const auto policy = static_cast<SharedPolicy>(random() % 3);
            EXPECT_TRUE(acquire_resource_shared(resource, true, policy));
            EXPECT_EQ(value, 0);
            if (random() % 16 == 0) platform::yield_thread();
        }
        release_resource(resource);
    });
    EXPECT_EQ(resource.ActiveEntries, 0u);
    EXPECT_EQ(resource.NumberOfSharedWaiters + resource.NumberOfExclusiveWaiters, 0u);
}

}  // namespace
}  // namespace pw::ke
