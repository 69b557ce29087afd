// A learning management system that shows a package in a frame: scorm-again keeps the data, and this page notes every
// call, what it was answered, and what was saved, so that the package finds it again.
const old = location.search === "?1.2";
const settings = { autocommit: false, logLevel: 5 };
const api = old ? new Scorm12API(settings) : new Scorm2004API(settings);
const calls = JSON.parse(localStorage.getItem("calls") ?? "[]");
const saved = localStorage.getItem("saved");
if (saved) api.loadFromJSON(JSON.parse(saved).cmi);

const spoken = {};
const names = old
  ? ["LMSInitialize", "LMSFinish", "LMSGetValue", "LMSSetValue", "LMSCommit", "LMSGetLastError"]
  : ["Initialize", "Terminate", "GetValue", "SetValue", "Commit", "GetLastError"];
for (const name of names) {
  spoken[name] = (...values) => {
    const answer = api[name](...values);
    calls.push([name.replace("LMS", "").replace("Finish", "Terminate"), ...values, String(answer)]);
    if (/Commit|Finish|Terminate/.test(name)) localStorage.setItem("saved", api.renderCMIToJSONString());
    if (/Finish|Terminate/.test(name)) localStorage.setItem("calls", JSON.stringify(calls));
    return answer;
  };
}
window[old ? "API" : "API_1484_11"] = spoken;

addEventListener("DOMContentLoaded", () => {
  const frame = document.createElement("iframe");
  frame.name = "package";
  frame.width = 900;
  frame.height = 700;
  frame.src = "package/index.html";
  document.body.append(frame);
});
