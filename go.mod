module jana

go 1.26

// npm packages ship Go files too.
ignore ./client/node_modules
