#pragma once

#include <string>

#include "app/pipeline.h"
#include "detect/engine/scan.h"

namespace trawl::app {

// Reads events again from the files of a scan, decoded as the options say.
class ObjectRecall final : public detect::EventRecall {
public:
    explicit ObjectRecall(const PipelineOptions& options) : options_(options) {}

    // Regular files of moderate size: reading them again must not cost another scan.
    bool can_recall(std::string_view source) const override;
    base::Result<void> recall(const std::string& source, const std::vector<std::uint64_t>& records,
        const event::Projection& projection, const Visit& visit) override;

private:
    static constexpr std::uint64_t max_file_bytes = 16u << 20;

    const PipelineOptions& options_; // Of the scan, which outlives this.
    std::unique_ptr<ingest::Decoder> decoder_;
};

} // namespace trawl::app
