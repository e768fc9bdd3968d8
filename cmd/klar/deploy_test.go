package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// deployed reads a file of docs/deploy.
func deployed(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../docs/deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestDeployNginx lets a real nginx read its example, with a certificate and a port that there are here.
func TestDeployNginx(t *testing.T) {
	t.Parallel()
	nginx, dir := realNginx(t), t.TempDir()
	cert, key := writeCertificate(t)
	example := strings.NewReplacer("/etc/ssl/stats.example.org.pem", cert, "/etc/ssl/stats.example.org.key", key, "listen 443 ssl", "listen 127.0.0.1:8443 ssl").
		Replace(deployed(t, "nginx.conf"))
	if !strings.Contains(example, cert) || !strings.Contains(example, "8443") {
		t.Fatal("the example has another certificate or port")
	}
	whole := "pid pid; events {} http { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;" +
		"uwsgi_temp_path uwsgi; scgi_temp_path scgi;\n" + example + "}"
	uncommented := strings.NewReplacer("#   access_log /var/log/nginx", "access_log "+dir, "#   access_log", "access_log").Replace(whole)
	if strings.Count(uncommented, "\naccess_log ") != 2 {
		t.Fatal("the example does not show two ways to log")
	}
	for name, text := range map[string]string{"as it is": whole, "with both logs": uncommented} {
		file := filepath.Join(dir, "nginx.conf")
		write(t, file, text, os.O_TRUNC)
		if out, err := exec.Command(nginx, "-t", "-p", dir, "-e", filepath.Join(dir, "error.log"), "-c", file).CombinedOutput(); err != nil {
			t.Errorf("%s: nginx refuses the example: %s", name, out)
		}
	}
}

// TestDeployConfigurations checks the examples of configurations, and that the image's commands are understood.
func TestDeployConfigurations(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"klar.yaml", "compose.klar.yaml"} {
		mustKlar(t, "check", "--config-only", "--config", filepath.Join("../../docs/deploy", name))
	}
	help := mustKlar(t, "help", "serve") + mustKlar(t, "help", "check")
	for _, name := range []string{"klar.service", "Dockerfile", "compose.yaml"} {
		for _, flag := range regexp.MustCompile(`[ "]--(config|config-only|data|listen|log-[a-z]+)\b`).FindAllStringSubmatch(deployed(t, name), -1) {
			if !strings.Contains(help, "--"+flag[1]+" ") {
				t.Errorf("%s gives klar a flag that it does not have: --%s", name, flag[1])
			}
		}
	}
}

// TestDeployCompose wants in the compose file what keeps data and secrets where they belong.
func TestDeployCompose(t *testing.T) {
	t.Parallel()
	var file struct {
		Services map[string]struct {
			Image    string
			ReadOnly bool     `yaml:"read_only"`
			CapDrop  []string `yaml:"cap_drop"`
			Ports    []string
			Volumes  []string
			Ulimits  map[string]int
			Build    struct{ Context, Dockerfile string }
		}
		Volumes map[string]any
	}
	if err := yaml.Unmarshal([]byte(deployed(t, "compose.yaml")), &file); err != nil {
		t.Fatal(err)
	}
	klar := file.Services["klar"]
	if !klar.ReadOnly || len(klar.CapDrop) != 1 || klar.Ulimits["core"] != 0 || klar.Ulimits["memlock"] == 0 || len(file.Services) != 2 {
		t.Error("the container of klar may do more than it needs")
	}
	for _, p := range klar.Ports {
		if !strings.HasPrefix(p, "127.0.0.1:") {
			t.Errorf("the port %s is open to other machines, and no user need exist", p)
		}
	}
	for _, v := range klar.Volumes {
		from, _, _ := strings.Cut(v, ":")
		_, named := file.Volumes[from]
		if _, err := os.Stat(filepath.Join("../../docs/deploy", from)); strings.HasPrefix(from, "./") && err != nil || !named && !strings.HasPrefix(from, "./") && !filepath.IsAbs(from) {
			t.Errorf("the volume %s is nowhere", from)
		}
	}
	if _, err := os.Stat(filepath.Join("../../docs/deploy", klar.Build.Context, klar.Build.Dockerfile)); err != nil {
		t.Error(err)
	}
}

// TestDeployDockerfile wants what is copied to be what make builds.
func TestDeployDockerfile(t *testing.T) {
	t.Parallel()
	text := deployed(t, "Dockerfile")
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	assets, err := os.ReadFile("../../assets/assets.mk")
	if err != nil {
		t.Fatal(err)
	}
	copied := regexp.MustCompile(`(?m)^COPY --from=build /klar/(\S+) (\S+)$`).FindAllStringSubmatch(text, -1)
	if len(copied) != 2 || !bytes.Contains(makefile, []byte("\nbin/klar:")) || !bytes.Contains(assets, []byte("ASSETS := bin/assets\n")) {
		t.Fatalf("the image takes %d things that make builds, want bin/klar and bin/assets", len(copied))
	}
	for i, want := range []string{"bin/klar", "bin/assets"} {
		if copied[i][1] != want {
			t.Errorf("the image takes %s, want %s", copied[i][1], want)
		}
	}
	gomod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (1\.\d+)`).FindSubmatch(gomod)
	if !strings.Contains(text, "FROM golang:"+string(version[1])+"-") {
		t.Errorf("the image is not built with Go %s, which go.mod asks for", version[1])
	}
}

// TestDeployUnit has systemd read the unit, and rate what it may do. Without systemd only what must be in it is looked for.
func TestDeployUnit(t *testing.T) {
	t.Parallel()
	unit := deployed(t, "klar.service")
	for _, line := range []string{
		"NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "MemoryMax=2G", "MemorySwapMax=0", "LimitCORE=0", "CapabilityBoundingSet=",
		"KillMode=mixed", "ExecReload=/bin/kill -HUP $MAINPID",
	} {
		if !strings.Contains(unit, "\n"+line+"\n") {
			t.Errorf("the unit does not say %s", line)
		}
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		return
	}
	file := filepath.Join(t.TempDir(), "klar.service")
	write(t, file, strings.ReplaceAll(unit, "/usr/local/lib/klar/klar", "/bin/true"), os.O_TRUNC) // what it starts is not here
	if out, err := exec.Command(analyze, "verify", file).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("systemd refuses the unit: %s", out)
	}
	out, err := exec.Command(analyze, "security", "--offline=true", file).CombinedOutput()
	rated := regexp.MustCompile(`Overall exposure level for klar.service: ([0-9.]+)`).FindSubmatch(out)
	if rated == nil {
		t.Logf("this systemd does not rate units that do not run: %v", err)
		return
	}
	if exposed, err := strconv.ParseFloat(string(rated[1]), 64); err != nil || exposed > 2 {
		t.Errorf("systemd rates the unit's exposure %s, want 2 at most", rated[1])
	}
}
