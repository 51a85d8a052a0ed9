responses := make(chan string)
var wg sync.WaitGroup
wg.Add(len(urls))

for _, url := range urls {
	go func(url string) {
		defer wg.Done()
		responses <- get(url)
	}(url)
}

go func() {
	for response := range responses {
		fmt.Println(response)
	}
}()

wg.Wait()
