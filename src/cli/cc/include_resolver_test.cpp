// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/include_resolver.h"

#include <gtest/gtest.h>

#include <memory>

#include "cli/cc/source_text.h"
#include "cli/cc/temporary_folder.h"

namespace pw::cli {
namespace {

class IncludeResolution : public ::testing::Test {
 protected:
  IncludeResolution() {
    for (const char* file : {"/user/Private.h", "/inc/Sub/Public.h", "/inc/String.h", "/ours/windows.h", "/system/string.h"}) {
      write_file(folder_.path() + file, "");
    }
    IncludeSearchPath search;
    search.user = {folder_.path() + "/inc"};
    search.partywall = {folder_.path() + "/ours"};
    search.system = {folder_.path() + "/system"};
    resolver_ = std::make_unique<IncludeResolver>(search);
  }

  std::string resolve(const std::string& name, bool quoted) {
    IncludeDirective include;
    include.name = name;
    include.quoted = quoted;
    const auto found = resolver_->resolve(include, folder_.path() + "/user/a.c");
    return found ? found->path.substr(folder_.path().size()) + " as " + found->spelling : "nothing";
  }

  TemporaryFolder folder_{"pw-test-"};
  std::unique_ptr<IncludeResolver> resolver_;
};

TEST_F(IncludeResolution, TakesAnyCaseAndBackslashes) {
  EXPECT_EQ(resolve("private.H", true), "/user/Private.h as Private.h");
  EXPECT_EQ(resolve("..\\INC\\sub\\PUBLIC.h", true), "/user/../inc/Sub/Public.h as ../inc/Sub/Public.h");
  EXPECT_EQ(resolve("Windows.h", false), "/ours/windows.h as windows.h");
  EXPECT_EQ(resolve("Sub\\Public.h", false), "/inc/Sub/Public.h as Sub/Public.h");
}

TEST_F(IncludeResolution, SearchesTheIncludersFolderForQuotesAlone) {
  EXPECT_EQ(resolve("Private.h", false), "nothing");
  EXPECT_EQ(resolve("none.h", true), "nothing");
  EXPECT_EQ(resolve("Sub", true), "nothing");
}

TEST_F(IncludeResolution, PrefersAnExactSystemHeaderToAnotherCaseOfTheUsers) {
  EXPECT_EQ(resolve("string.h", false), "/system/string.h as string.h");
  EXPECT_EQ(resolve("String.h", false), "/inc/String.h as String.h");
}

}  // namespace
}  // namespace pw::cli
