/** A switch for the site's own pages, which sets the flag that the tracker reads. The label is a text without markup. */
export const snippet = (label: string): string => `<label><input type="checkbox" id="klar-ignore"> ${label}</label>
<script>
  (function () {
    var box = document.getElementById("klar-ignore");
    box.checked = localStorage.getItem("klar_ignore") === "true";
    box.onchange = function () {
      if (box.checked) localStorage.setItem("klar_ignore", "true");
      else localStorage.removeItem("klar_ignore");
    };
  })();
</script>`;
