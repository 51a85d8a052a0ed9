responses := make(chan string)
done := make(chan bool)

for _, url := range urls {
	go func(url string) {
		responses <- get(url)
		done <- true
	}(url)
}

for range urls {
	<-done
}
close(responses)

for response := range responses {
	fmt.Println(response)
}
