// A file of its own: the page's content security policy runs no inline script. Search needs a
// worker from a blob, and is of little use in a document this small.
Redoc.init("openapi.json", { disableSearch: true, hideDownloadButton: false }, document.getElementById("redoc"));
