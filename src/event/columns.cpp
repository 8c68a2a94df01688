#include "event/columns.h"

#include <algorithm>

namespace trawl::event {

ColumnId Projection::add(const FieldPath& path, Reach reach)
{
    const ColumnRequest request {path, reach};
    const auto found = std::find(columns_.begin(), columns_.end(), request);
    if (found != columns_.end()) {
        return static_cast<ColumnId>(found - columns_.begin());
    }
    columns_.push_back(request);
    return static_cast<ColumnId>(columns_.size() - 1);
}

} // namespace trawl::event
