#include "app/object_recall.h"

#include <sys/stat.h>

#include "ingest/decoder.h"

namespace trawl::app {

namespace {

// Passes on the events of the wanted records and stops after the last.
class Chosen final : public ingest::RecordHandler {
public:
    Chosen(const std::vector<std::uint64_t>& records, const detect::EventRecall::Visit& visit)
        : records_(records), visit_(visit)
    {
    }

    void on_event(ingest::Record& record) override
    {
        while (next_ < records_.size() && records_[next_] < record.origin().record) {
            ++next_;
        }
        if (next_ < records_.size() && records_[next_] == record.origin().record && outcome_) {
            outcome_ = visit_(record);
            ++next_;
        }
    }
    void on_reject(const ingest::RejectedRecord& /*reject*/) override {}
    void on_filtered(std::string_view /*kind*/) override {}
    bool wants_no_more() const override { return next_ == records_.size() || !outcome_; }

    base::Result<void> take_outcome() { return std::move(outcome_); }

private:
    const std::vector<std::uint64_t>& records_;
    const detect::EventRecall::Visit& visit_;
    std::size_t next_ = 0;
    base::Result<void> outcome_;
};

} // namespace

bool ObjectRecall::can_recall(std::string_view source) const
{
    struct stat status {};
    return ::stat(std::string(source).c_str(), &status) == 0 && S_ISREG(status.st_mode)
        && static_cast<std::uint64_t>(status.st_size) <= max_file_bytes;
}

base::Result<void> ObjectRecall::recall(const std::string& source, const std::vector<std::uint64_t>& records,
    const event::Projection& projection, const Visit& visit)
{
    if (!decoder_) {
        decoder_ = make_decoder(options_, projection);
    }
    Chosen chosen(records, visit);
    decoder_->decode({source, {}}, chosen);
    return chosen.take_outcome();
}

} // namespace trawl::app
