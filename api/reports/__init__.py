"""Documents of an incident: reports (信息报告) as DOCX and page, order sheets, map and roster on paper."""
