package embedded

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"runtime"
	"strconv"
)

// configuration is ClickHouse's server configuration for a small machine. Naming a file also keeps libchdb from
// reading a config.xml of the working directory, the home directory or /etc. No log table (query_log, text_log …)
// is configured, therefore none exists. An INSERT is answered when its part is on the disk (3 ms more), because what
// was answered is deleted from the spool; merged and mutated parts are synced as well, since ClickHouse 26 removes their
// sources as soon as its cleanup gets to it. Of the four places in the pool mutations wait for three free ones: two at a
// time rewrote parts of 500,000 rows of hits with 267 MB of memory, four with 392.
// Buffers of columns begin small and grow: at their full size, a merge of six deliveries of hits took 150 MB, where 56 do,
// and inserts beside it were refused.
func configuration(memoryLimit int64, usersFile string) []byte {
	const cacheParts = 4 // the caches below that hold data share an eighth of the memory
	cache := memoryLimit / 8 / cacheParts
	return fmt.Appendf(nil, `<clickhouse>
    <users_config>%s</users_config>
    <max_server_memory_usage>%d</max_server_memory_usage>
    <mark_cache_size>%d</mark_cache_size>
    <primary_index_cache_size>%d</primary_index_cache_size>
    <uncompressed_cache_size>0</uncompressed_cache_size>
    <index_mark_cache_size>%d</index_mark_cache_size>
    <index_uncompressed_cache_size>0</index_uncompressed_cache_size>
    <query_condition_cache_size>%d</query_condition_cache_size>
    <mmap_cache_size>64</mmap_cache_size>
    <vector_similarity_index_cache_size>0</vector_similarity_index_cache_size>
    <iceberg_metadata_files_cache_size>0</iceberg_metadata_files_cache_size>
    <parquet_metadata_cache_size>0</parquet_metadata_cache_size>
    <compiled_expression_cache_size>8388608</compiled_expression_cache_size>
    <background_pool_size>2</background_pool_size>
    <background_merges_mutations_concurrency_ratio>2</background_merges_mutations_concurrency_ratio>
    <background_move_pool_size>1</background_move_pool_size>
    <background_fetches_pool_size>1</background_fetches_pool_size>
    <background_common_pool_size>2</background_common_pool_size>
    <background_schedule_pool_size>4</background_schedule_pool_size>
    <background_buffer_flush_schedule_pool_size>1</background_buffer_flush_schedule_pool_size>
    <background_message_broker_schedule_pool_size>1</background_message_broker_schedule_pool_size>
    <background_distributed_schedule_pool_size>1</background_distributed_schedule_pool_size>
    <max_thread_pool_free_size>8</max_thread_pool_free_size>
    <max_io_thread_pool_size>16</max_io_thread_pool_size>
    <max_io_thread_pool_free_size>0</max_io_thread_pool_free_size>
    <max_active_parts_loading_thread_pool_size>4</max_active_parts_loading_thread_pool_size>
    <max_outdated_parts_loading_thread_pool_size>2</max_outdated_parts_loading_thread_pool_size>
    <max_parts_cleaning_thread_pool_size>2</max_parts_cleaning_thread_pool_size>
    <jemalloc_max_background_threads_num>1</jemalloc_max_background_threads_num>
    <merge_tree>
        <fsync_after_insert>1</fsync_after_insert>
        <fsync_part_directory>1</fsync_part_directory>
        <min_rows_to_fsync_after_merge>1</min_rows_to_fsync_after_merge>
        <min_compressed_bytes_to_fsync_after_merge>1</min_compressed_bytes_to_fsync_after_merge>
        <min_columns_to_activate_adaptive_write_buffer>10</min_columns_to_activate_adaptive_write_buffer>
        <number_of_free_entries_in_pool_to_execute_mutation>3</number_of_free_entries_in_pool_to_execute_mutation>
        <number_of_free_entries_in_pool_to_lower_max_size_of_merge>1</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
        <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>1</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
    </merge_tree>
</clickhouse>
`, xmlText(usersFile), memoryLimit, cache, cache, cache, cache)
}

// xmlText writes a file's name as the text of an XML element.
func xmlText(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // A bytes.Buffer takes everything.
	return b.String()
}

// sessionSettings are the defaults of every session, as arguments of its connection. A request can change them.
func sessionSettings(memoryLimit int64) []string {
	threads := min(runtime.NumCPU(), 8)
	settings := []struct{ name, value string }{
		{"max_threads", strconv.Itoa(threads)},
		{"max_insert_threads", "1"},
		// Large groups and sorts go to the disk before they meet the limit of the whole engine.
		{"max_bytes_before_external_group_by", strconv.FormatInt(memoryLimit/4, 10)},
		{"max_bytes_before_external_sort", strconv.FormatInt(memoryLimit/4, 10)},
		{"output_format_parallel_formatting", "0"},
		{"input_format_parallel_parsing", "0"},
		{"allow_introspection_functions", "0"},
		{"log_queries", "0"},
		{"log_query_threads", "0"},
	}
	args := make([]string, 0, len(settings))
	for _, s := range settings {
		args = append(args, "--"+s.name+"="+s.value)
	}
	return args
}
