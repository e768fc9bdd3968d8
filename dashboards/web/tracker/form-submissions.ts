// A part of the tracker: forms that are sent. Nothing of what is in them is looked at.
addEventListener("submit", () => window.klar?.("Form: Submission", { props: { path: location.pathname } }), true);
