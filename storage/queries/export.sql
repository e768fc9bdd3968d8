{{- /* Names the columns of an answer (stats.sql) as the Stats API does, for a file. */ -}}
SELECT
{{- range $i, $column := .Columns}}{{if $i}},{{end}}
    {{$column.Key}} AS {{$column.Name}}
{{- end}}
FROM
(
{{.Statement}}
)
ORDER BY {{.Order}}
