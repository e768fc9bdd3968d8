package embedded

import (
	"fmt"
	"os"
	"testing"
	"time"
)

func rss() string { b, _ := os.ReadFile("/proc/self/status"); 
 out := ""
 for _, l := range splitLines(string(b)) { if len(l) > 5 && (l[:5] == "VmRSS" || l[:5] == "VmHWM" || l[:7]=="Threads") { out += l + " " } }
 return out }
func splitLines(s string) []string { var o []string; c := ""; for _, r := range s { if r == '\n' { o = append(o, c); c = "" } else { c += string(r) } }; return o }

func TestProto(t *testing.T) {
	t0 := time.Now()
	lib, err := loadLibrary(os.Getenv("CHDB_LIB_PATH"))
	if err != nil { t.Fatal(err) }
	fmt.Println("load", time.Since(t0), lib.version(), rss())
	t0 = time.Now()
	dir := t.TempDir()
	args := []string{"chdb", "--path=" + dir}
	if cf := os.Getenv("CF"); cf != "" { args = append(args, "--config-file="+cf) }
	s, err := lib.open(args)
	if err != nil { t.Fatal(err) }
	fmt.Println("connect", time.Since(t0), rss())
	for i := 0; i < 3; i++ {
		t0 = time.Now()
		s2, err := lib.open(args)
		if err != nil { t.Fatal(err) }
		d := time.Since(t0)
		t0 = time.Now()
		err = s2.exec("SET max_threads=1, max_execution_time=5")
		d2 := time.Since(t0)
		t0 = time.Now()
		s2.close()
		fmt.Println("conn2", d, "set", d2, "close", time.Since(t0), err)
	}
	q := func(s *session, sql string) {
		r, err := s.query(sql, "TSV", nil)
		if err != nil { fmt.Println(sql, "ERR", err); return }
		fmt.Printf("%s -> %.600s\n", sql, r.data())
		r.free()
	}
	q(s, "SELECT displayName(), version(), revision(), timezone()")
	q(s, "SELECT name,value FROM system.server_settings WHERE changed")
	q(s, "SELECT name,value FROM system.settings WHERE changed")
	q(s, "SELECT name FROM system.tables WHERE database='system' and name like '%log%'")
	fmt.Println(s.exec("SET bogus_setting=1"))
	fmt.Println(s.exec("SET max_threads='abc'"))
	s2, _ := lib.open(args)
	fmt.Println("set ro", s2.exec("SET max_execution_time=5, readonly=1"))
	q(s2, "SELECT getSetting('readonly'), getSetting('max_execution_time')")
	fmt.Println("create in ro", s2.exec("CREATE TABLE x (a Int8) ENGINE=Memory"))
	q(s2, "SELECT count() FROM file('/etc/passwd', LineAsString)")
	fmt.Println("set in ro", s2.exec("SET readonly=0"))
	q(s2, "SELECT sum(number) FROM numbers(10) SETTINGS max_threads=2")
	s2.close()
	s2, _ = lib.open(args)
	fmt.Println("set timeout", s2.exec("SET max_execution_time=1"))
	t0 = time.Now()
	q(s2, "SELECT sum(sipHash64(number)) FROM numbers(100000000000)")
	fmt.Println(time.Since(t0))
	s2.close()
	for _, f := range []string{"JSON", "Native", "TSV", "CSV", "Parquet", "JSONEachRow", "Pretty", "XML", "Null", "RowBinary"} {
		for _, sql := range []string{"SELECT number, toString(number) AS s FROM numbers(200000)", "SELECT 1 WHERE 0", "DESCRIBE TABLE system.one", "SHOW DATABASES", "SELECT number FROM numbers(200000) WHERE number = 199999"} {
			a := s.classify(sql)
			r, err := s.stream(sql, f, nil)
			if err != nil { fmt.Println(f, sql, "ERR", err); continue }
			n, pieces := 0, 0
			var last []byte
			for {
				p, err := r.next()
				if err != nil { fmt.Println("next", err); break }
				if len(p.data()) == 0 { p.free(); break }
				n += len(p.data()); pieces++
				last = append([]byte(nil), p.data()...)
				p.free()
			}
			r.close()
			if len(last) > 30 { last = last[len(last)-30:] }
			full, err := s.query(sql, f, nil)
			if err != nil { fmt.Println(f, sql, "FULL ERR", err); continue }
			fmt.Printf("%s %.30s class %d: %d bytes in %d, full %d %q\n", f, sql, a.class, n, pieces, len(full.data()), last)
			full.free()
		}
	}
	fmt.Println(rss())
	q(s, "SELECT throwIf(number=150000) FROM numbers(200000) FORMAT Null")
	r, err := s.stream("SELECT throwIf(number=150000) FROM numbers(200000) SETTINGS max_block_size=1000", "TSV", nil)
	fmt.Println(err)
	if err == nil { n := 0; for { p, err := r.next(); if err != nil { fmt.Println("after", n, err); break }; if len(p.data()) == 0 { break }; n += len(p.data()) } }
}
