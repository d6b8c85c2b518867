// SPDX-License-Identifier: Apache-2.0
#include "platform/host_address.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "platform/lock_file.h"

namespace pw::platform {
namespace {

class HostAddressTest : public testing::Test {
protected:
    void SetUp() override {
        char folder[] = "/tmp/pw-address-XXXXXX";
        ASSERT_NE(::mkdtemp(folder), nullptr);
        folder_ = folder;
        ::setenv("XDG_RUNTIME_DIR", folder, 1);
        ::unsetenv("PARTYWALL_HOST");
    }
    void TearDown() override {
        ::rmdir((folder_ + "/partywall").c_str());
        ::rmdir(folder_.c_str());
    }
    std::string folder_;
    HostAddress address_;
    std::string why_;
};

TEST_F(HostAddressTest, ANameLiesInTheUsersRunTimeFolder) {
    ASSERT_TRUE(find_host_address("", &address_, &why_)) << why_;
    EXPECT_EQ(address_.socket, folder_ + "/partywall/default");
    EXPECT_EQ(address_.admin_socket, folder_ + "/partywall/default.admin");
    ::setenv("PARTYWALL_HOST", "other", 1);
    ASSERT_TRUE(find_host_address("", &address_, &why_)) << why_;
    EXPECT_EQ(address_.socket, folder_ + "/partywall/other");
    ASSERT_TRUE(find_host_address("mine", &address_, &why_)) << why_;
    EXPECT_EQ(address_.socket, folder_ + "/partywall/mine");
}

TEST_F(HostAddressTest, APathIsTakenAsItIs) {
    ASSERT_TRUE(find_host_address("./host", &address_, &why_)) << why_;
    EXPECT_EQ(address_.socket, "./host");
    EXPECT_EQ(address_.folder, ".");
}

TEST_F(HostAddressTest, RefusesWhatCouldMeanAnotherFile) {
    for (const char* name : {".hidden", "a.admin", "-x", "a b", "a\n"}) {
        EXPECT_FALSE(find_host_address(name, &address_, &why_)) << name;
        EXPECT_NE(why_.find("is no name"), std::string::npos);
    }
    EXPECT_FALSE(find_host_address("/tmp/" + std::string(200, 'x'), &address_, &why_));
    EXPECT_NE(why_.find("too long"), std::string::npos);
}

TEST_F(HostAddressTest, TheFolderIsTheUsersAlone) {
    ASSERT_TRUE(find_host_address("", &address_, &why_));
    ASSERT_TRUE(prepare_host_folder(address_, &why_)) << why_;
    struct stat info {};
    ASSERT_EQ(::stat(address_.folder.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700u);
    ASSERT_EQ(::chmod(address_.folder.c_str(), 0777), 0);
    EXPECT_FALSE(prepare_host_folder(address_, &why_));
    EXPECT_NE(why_.find("open to others"), std::string::npos);
}

TEST_F(HostAddressTest, ALockFileHasOneHolderAndGoesWithIt) {
    const std::string path = folder_ + "/lock";
    std::uint32_t holder = 0;
    int error = 0;
    {
        LockFile first;
        ASSERT_EQ(first.acquire(path, &holder, &error), LockFile::Outcome::held);
        LockFile second;
        EXPECT_EQ(second.acquire(path, &holder, &error), LockFile::Outcome::busy);
        EXPECT_EQ(holder, static_cast<std::uint32_t>(::getpid()));
    }
    EXPECT_NE(::access(path.c_str(), F_OK), 0);
    LockFile third;
    EXPECT_EQ(third.acquire(path, &holder, &error), LockFile::Outcome::held);
}

}  // namespace
}  // namespace pw::platform
