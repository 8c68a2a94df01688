#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "event/columns.h"
#include "event/consumer.h"

namespace trawl::app {

// The resources that the records of one input describe: field path → value, as text. Of records that describe a resource
// alike the last counts, in path order; records that describe other sides of it (describe-instances and
// describe-instance-attribute) are put together.
using SnapshotFields = std::map<std::string, std::string>;
using Snapshot = std::map<std::string, SnapshotFields>;

// Gathers a snapshot from the records of one kind.
class SnapshotReader {
public:
    // `root`: the path that was given; a record without resource is known by its object's path below it.
    explicit SnapshotReader(std::string root);
    const event::Projection& projection() const { return projection_; }
    std::unique_ptr<event::Consumer> make_consumer() const;
    std::unique_ptr<event::Collector> make_collector(Snapshot& snapshot) const;

private:
    class Consumer;
    class Collector;
    struct Run;

    std::string root_;
    event::Projection projection_;
    event::ColumnId resource_;
};

enum class ChangeType { added, removed, changed };
std::string_view change_name(ChangeType type);

// One difference. For added and removed resources `field` is empty.
struct Change {
    ChangeType type = ChangeType::changed;
    std::string resource;
    std::string field;
    std::string before;
    std::string after;
};

// All differences in the order of resources and fields.
std::vector<Change> compare(const Snapshot& before, const Snapshot& after);

} // namespace trawl::app
